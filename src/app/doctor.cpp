#include "app/doctor.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>

#include "app/further_services.h"
#include "app/shell_quote.h"
#include "base/json_value.h"
#include "base/private_file.h"
#include "base/quote.h"
#include "base/random.h"
#include "base/sqlite.h"
#include "download/folder.h"
#include "jobs/ledger_file.h"
#include "mosaic/client.h"
#include "motion/errors.h"
#include "motioness/client.h"
#include "net/http_date.h"
#include "net/json_answer.h"
#include "net/proxy.h"
#include "net/url.h"
#include "tools/credentials.h"

namespace motion_mcp::app {
namespace {

using std::chrono::seconds;

constexpr seconds kRequestDeadline{20};
constexpr seconds kTolerableSkew{120};

// --- key, folders and ledger ---------------------------------------------------------------------

std::string key_source(std::string_view variable, const ApiKey& key) {
  const std::string name(variable);
  return key.file.empty() ? name : key.file + " (" + name + "_FILE)";
}

bool others_can_read(const std::string& file) {
  using std::filesystem::perms;
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error || !std::filesystem::is_regular_file(status)) return false;
  return (status.permissions() & (perms::group_read | perms::others_read)) != perms::none;
}

Finding check_key(std::string_view check, std::string_view variable, const ApiKey& key) {
  if (key.problem) return {check, Health::failure, key.problem->message, key.problem->next_step};
  if (others_can_read(key.file)) {
    return {check, Health::warning, "other users of this machine can read " + key.file,
            "Run chmod 600 " + shell_quoted(key.file) + "."};
  }
  return {check, Health::ok, "read from " + key_source(variable, key), ""};
}

Finding check_motion_key(const Config& config) {
  if (config.sandbox) return {"key", Health::skipped, "the sandbox needs none", ""};
  return check_key("key", "MOTION_API_KEY", config.api_key);
}

Finding check_folder(const Examination& examination) {
  const std::string& folder = examination.config.data_folder;
  if (folder.empty()) {
    return {"folder", Health::warning,
            "there is no data folder: neither XDG_DATA_HOME nor HOME is set",
            "Set HOME, or XDG_DATA_HOME to an absolute path."};
  }
  const auto probed = examination.probe_folder(folder);
  if (probed) return {"folder", Health::ok, folder + " is writable", ""};
  return {"folder", Health::failure, probed.error().message,
          "Make " + folder + " writable for this user, or set XDG_DATA_HOME to a folder that is."};
}

// The usual folder for videos lies in the data folder.
std::optional<Finding> check_output_dir(const Examination& examination) {
  const Config& config = examination.config;
  const std::string& folder = config.output_dir;
  if (folder.empty() || folder == config.data_folder + "/videos") return std::nullopt;
  const auto probed = examination.probe_output_dir(folder);
  if (probed) return Finding{"videos", Health::ok, folder + " is writable", ""};
  return Finding{"videos", Health::failure, probed.error().message,
                 "Name a folder with --output-dir that this user can write in."};
}

Finding check_ledger(const Examination& examination, std::string_view name,
                     const std::string& path) {
  if (examination.config.sandbox) return {name, Health::skipped, "the sandbox's is in memory", ""};
  if (path.empty()) {
    return {name, Health::warning,
            "none is kept: a server that is started again does not know what was paid for before",
            "Take --ledger off (MOTION_LEDGER) away to keep one."};
  }
  const auto probed = examination.probe_ledger(path);
  if (probed) return {name, Health::ok, path, ""};
  const Error& fault = probed.error();
  if (!fault.next_step.empty()) return {name, Health::failure, fault.message, fault.next_step};
  return {
      name, Health::failure, fault.message,
      "Make it readable and writable for this user, or name another file with --ledger; what is "
      "in a damaged one may still be read with sqlite3."};
}

// --- the way to the API --------------------------------------------------------------------------

std::optional<net::Proxy> proxy_of(const Config& config, const net::Url& url) {
  if (config.https_proxy.empty() || !net::wants_proxy(url, net::NoProxy(config.no_proxy))) {
    return std::nullopt;
  }
  auto proxy = net::parse_proxy(config.https_proxy);
  return proxy ? std::optional(*std::move(proxy)) : std::nullopt;
}

// With a proxy it is the proxy's name that is looked up here, and the service's there.
Finding check_dns(const Examination& examination, const net::Url& url) {
  const auto proxy = proxy_of(examination.config, url);
  const std::string& host = proxy ? proxy->host : url.host;
  if (net::is_ip_address(host)) return {"dns", Health::ok, host + " is an address already", ""};
  const net::Resolved resolved = examination.resolve(host);
  if (!resolved.addresses.empty()) {
    return {"dns", Health::ok, host + " is " + resolved.addresses.front(), ""};
  }
  std::string detail = "the name " + host + " could not be resolved";
  if (!resolved.reason.empty()) detail += ": " + resolved.reason;
  return {"dns", Health::failure, std::move(detail),
          "Check the network connection and /etc/resolv.conf; where only a proxy leads out, set "
          "HTTPS_PROXY."};
}

Finding check_proxy(const Config& config, const net::Url& url) {
  if (config.https_proxy.empty()) return {"proxy", Health::ok, "none is set", ""};
  if (!net::wants_proxy(url, net::NoProxy(config.no_proxy))) {
    return {"proxy", Health::ok, "not used for " + url.host, ""};
  }
  const auto proxy = net::parse_proxy(config.https_proxy);
  if (proxy) return {"proxy", Health::ok, "used: " + proxy->name(), ""};
  return {"proxy", Health::failure, proxy.error().message,
          "Set HTTPS_PROXY to http://host:port, or take it away."};
}

// --- the one request -----------------------------------------------------------------------------

Result<net::HttpResponse> ask_for_no_job(const Examination& examination,
                                         const std::stop_token& stop) {
  net::HttpRequest request;
  request.url = examination.api_base_url + "/sessions/" + base::random_uuid();
  request.headers = {{"Accept", "application/json"}};
  if (!examination.api_key.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + examination.api_key);
  }
  return examination.http.send(request, examination.clock.now() + kRequestDeadline, stop);
}

Finding check_tls(const net::Url& url, const Result<net::HttpResponse>& answer) {
  const std::string service = url.host_and_port();
  if (!answer && answer.error().kind == ErrorKind::unreachable) {
    return {"tls", Health::failure, answer.error().message, answer.error().next_step};
  }
  // Once connected, a request can only be interrupted.
  if (!answer && answer.error().kind != ErrorKind::interrupted) {
    return {"tls", Health::skipped, "not tried", ""};
  }
  if (!url.https) return {"tls", Health::ok, "connected to " + service + " without TLS", ""};
  return {"tls", Health::ok, "connected to " + service + ", its certificate is good", ""};
}

Finding could_not_tell(std::string detail, std::string fix) {
  return {"api", Health::warning, "could not tell whether the key works: " + std::move(detail),
          std::move(fix)};
}

// 401 means a bad key and 404 a good one: the job exists for nobody.
Finding check_api(const Examination& examination, const Result<net::HttpResponse>& answer) {
  if (!answer) {
    if (answer.error().kind == ErrorKind::unreachable) {
      return {"api", Health::skipped, "not reached", ""};
    }
    return could_not_tell(answer.error().message, "Run motion-mcp doctor again in a while.");
  }
  if (answer->status / 100 == 2) {
    return could_not_tell(
        "the API answered " + std::to_string(answer->status) + " for a job that does not exist",
        "Check MOTION_API_BASE_URL.");
  }
  const Error error = motion::error_of_answer(motion::Call::get, *answer, examination.clock.wall());
  if (error.kind == ErrorKind::not_found)
    return {"api", Health::ok, "it answers and knows the key", ""};
  if (error.kind != ErrorKind::unauthenticated)
    return could_not_tell(error.message, error.next_step);
  if (examination.api_key.empty()) {
    return {"api", Health::warning, "it answers; no key was tried", ""};
  }
  return {"api", Health::failure, error.message, error.next_step};
}

Finding check_clock(const Examination& examination, const Result<net::HttpResponse>& answer) {
  const auto header = answer ? net::find_header(answer->headers, "Date") : std::nullopt;
  const auto theirs =
      header ? net::parse_http_date(*header, examination.clock.wall()) : std::nullopt;
  if (!theirs) return {"clock", Health::skipped, "the service told no time to compare with", ""};
  const auto ahead = std::chrono::round<seconds>(examination.clock.wall()) - *theirs;
  if (std::chrono::abs(ahead) <= kTolerableSkew) {
    return {"clock", Health::ok, "agrees with the service's", ""};
  }
  const std::string by = std::to_string(std::chrono::abs(ahead).count()) + " s ";
  return {"clock", Health::warning,
          "this machine's clock is " + by + (ahead > seconds(0) ? "ahead of" : "behind") +
              " the service's",
          "Set the clock (timedatectl set-ntp true): certificates and links expire by it."};
}

// --- further services ----------------------------------------------------------------------------

// What the account is called and has: both answers are for people, and their members are optional.
std::string account_words(const Json& account, const Json& credits) {
  const std::string name = base::quote(net::text_at(account, "organization_name"));
  const auto balance = net::number_at(credits, "balance");
  std::string words = name.empty() ? "" : " for " + name;
  if (balance) words += ", with " + *balance + " credits";
  return words;
}

std::optional<Finding> wrong_base_url(std::string_view check, std::string_view variable,
                                      const std::string& base_url) {
  const auto url = net::parse_url(base_url);
  if (url) return std::nullopt;
  return Finding{check, Health::failure,
                 std::string(variable) + " is no address: " + url.error().message,
                 "Correct " + std::string(variable) + ", or take it away to use the real service."};
}

// GET /whoami and GET /credits are free.
Finding ask_mosaic(const Examination& examination, Finding key, const std::stop_token& stop) {
  if (auto wrong = wrong_base_url(key.check, "MOSAIC_API_BASE_URL", examination.mosaic_base_url)) {
    return *std::move(wrong);
  }
  const mosaic::Client client(
      examination.http, examination.clock,
      {.base_url = examination.mosaic_base_url, .get_deadline = kRequestDeadline});
  const std::string& value = examination.config.mosaic_key.value;
  const auto account = client.whoami(value, stop);
  if (!account) {
    return {key.check, Health::failure, account.error().message, account.error().next_step};
  }
  const auto credits = client.credits(value, stop);
  key.detail += "; it answers" + account_words(*account, credits ? *credits : Json());
  if (credits || key.health != Health::ok) return key;
  return {key.check, Health::warning, key.detail + "; its credits: " + credits.error().message,
          credits.error().next_step};
}

// Free: nothing is generated (motioness/client.h).
Finding ask_motioness(const Examination& examination, Finding key, const std::stop_token& stop) {
  const Config& config = examination.config;
  const ApiKey& secret = config.motioness_signing_secret;
  if (secret.problem) {
    return {key.check, Health::failure, secret.problem->message, secret.problem->next_step};
  }
  if (auto wrong = wrong_base_url(key.check, "MOTIONESS_BASE_URL", config.motioness_base_url)) {
    return *std::move(wrong);
  }
  const motioness::Client client(examination.http, examination.clock);
  const auto answer =
      client.probe({config.motioness_base_url, config.motioness_project_key.value}, stop);
  if (!answer) {
    return {key.check, Health::failure, answer.error().message, answer.error().next_step};
  }
  key.detail += secret.value.empty() ? "; it answers, and URLs are for allowed origins"
                                     : "; it answers, and URLs are signed";
  return key;
}

std::optional<Finding> check_unused_secret(const Config& config) {
  const bool is_used =
      !config.motioness_project_key.value.empty() || config.motioness_project_key.problem;
  if (config.sandbox || is_used || config.motioness_signing_secret.value.empty()) {
    return std::nullopt;
  }
  return Finding{"motioness", Health::warning,
                 "MOTIONESS_SIGNING_SECRET is set without MOTIONESS_PROJECT_KEY, so its tools are "
                 "off",
                 "Set MOTIONESS_PROJECT_KEY too, or take the secret away."};
}

// Nothing of a service that there is no key for: most have none.
std::vector<Finding> check_further_services(const Examination& examination,
                                            const std::stop_token& stop) {
  std::vector<Finding> findings;
  if (auto unused = check_unused_secret(examination.config)) findings.push_back(*std::move(unused));
  for (const FurtherService& service : further_services()) {
    const Config& config = examination.config;
    const ApiKey& key = config.*service.key;
    if (config.sandbox || (key.value.empty() && !key.problem)) continue;
    Finding finding = check_key(service.name, service.key_variable, key);
    if (service.name == tools::kMosaicCredential && finding.health != Health::failure) {
      finding = ask_mosaic(examination, std::move(finding), stop);
    }
    if (service.name == tools::kMotionessCredential && finding.health != Health::failure) {
      finding = ask_motioness(examination, std::move(finding), stop);
    }
    findings.push_back(std::move(finding));
    findings.push_back(check_ledger(examination, service.ledger, config.*service.ledger_path));
  }
  return findings;
}

// Sets its version to what it is, which costs a page on the disk as an order does.
Result<void> write_nothing_new(base::Database& ledger, bool& is_full) {
  base::Transaction transaction = TRY(base::Transaction::begin(ledger));
  const auto rows = TRY(ledger.query("PRAGMA user_version"));
  const std::string same = "PRAGMA user_version = " + std::to_string(rows.at(0).integer(0));
  auto written = ledger.run_script(same.c_str());
  if (written) written = transaction.commit();
  is_full = !written && ledger.was_full();  // asked before the transaction is rolled back
  return written;
}

}  // namespace

std::vector<Finding> examine(const Examination& examination, const std::stop_token& stop) {
  std::vector<Finding> findings;
  findings.push_back(check_motion_key(examination.config));
  findings.push_back(check_folder(examination));
  if (auto videos = check_output_dir(examination)) findings.push_back(*std::move(videos));
  findings.push_back(check_ledger(examination, "ledger", examination.config.ledger_path));

  const auto url = net::parse_url(examination.api_base_url);
  if (!url) {
    findings.push_back({"api", Health::failure, url.error().message,
                        "Correct MOTION_API_BASE_URL, or take it away to use the real service."});
    return findings;
  }
  const Finding dns = check_dns(examination, *url);
  const Finding proxy = check_proxy(examination.config, *url);
  findings.insert(findings.end(), {dns, proxy});
  const auto answer = ask_for_no_job(examination, stop);
  const bool has_way = dns.health == Health::ok && proxy.health == Health::ok;
  findings.push_back(has_way || answer ? check_tls(*url, answer)
                                       : Finding{"tls", Health::skipped, "not reached", ""});
  findings.push_back(check_api(examination, answer));
  findings.push_back(check_clock(examination, answer));
  for (Finding& finding : check_further_services(examination, stop)) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

Result<void> probe_folder(const std::string& folder) {
  TRY(base::make_private_folder(folder));
  const std::string probe = folder + "/.probe-" + base::random_uuid();
  TRY(base::make_private_file(probe, "probe"));
  ::unlink(probe.c_str());
  return {};
}

Result<void> probe_ledger(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    return probe_folder(std::filesystem::path(path).parent_path().string());
  }
  base::Database ledger = TRY(jobs::open_ledger_file(path));
  // That wrote nothing to one that was there.
  bool is_full = false;
  const auto written = write_nothing_new(ledger, is_full);
  if (written) return {};
  if (is_full) {
    return Error{ErrorKind::unavailable,
                 download::disk_error("cannot write to", path, ENOSPC).message,
                 "Make room on that disk, or name another file with --ledger."};
  }
  return Error{ErrorKind::unavailable,
               "the ledger " + path + " cannot be written to: " + written.error().message};
}

Result<void> probe_output_dir(const std::string& folder) {
  TRY(download::Folder::open_or_make(folder));
  return probe_folder(folder);
}

}  // namespace motion_mcp::app
