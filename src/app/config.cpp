#include "app/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "app/setting_reader.h"
#include "base/digest.h"
#include "base/redact.h"
#include "mosaic/key.h"
#include "motion/client.h"
#include "motion/errors.h"
#include "motioness/key.h"
#include "net/url.h"

namespace motion_mcp::app {
namespace {

constexpr double kMaxSpeed = 10'000;
constexpr std::size_t kLongestMaxWaitSeconds = 3600;
constexpr std::size_t kMostDownloadBytes = std::size_t{1} << 40U;

Result<double> read_speed(const SettingReader& reader, double fallback) {
  const auto value = reader.flag("speed");
  if (!value) return fallback;
  double speed = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [at, error] = std::from_chars(value->text.data(), end, speed);
  const bool is_number = error == std::errc() && at == end && std::isfinite(speed);
  if (!is_number || speed <= 0 || speed > kMaxSpeed) {
    return bad_setting(*value, "a number above 0 and at most 10000");
  }
  return speed;
}

Result<std::chrono::seconds> read_max_wait(const SettingReader& reader,
                                           std::chrono::seconds fallback) {
  const std::size_t count = TRY(reader.number("max-wait", 1, kLongestMaxWaitSeconds,
                                              static_cast<std::size_t>(fallback.count())));
  return std::chrono::seconds(count);
}

Result<base::LogLevel> read_log_level(const SettingReader& reader) {
  using base::LogLevel;
  const auto value = reader.flag("log-level");
  if (!value) return LogLevel::warning;
  if (value->text == "debug") return LogLevel::debug;
  if (value->text == "info") return LogLevel::info;
  if (value->text == "warning") return LogLevel::warning;
  if (value->text == "error") return LogLevel::error;
  if (value->text == "off") return LogLevel::off;
  return bad_setting(*value, "debug, info, warning, error or off");
}

Result<tools::Approvals::Ask> read_confirm(const SettingReader& reader) {
  using Ask = tools::Approvals::Ask;
  const auto value = reader.flag("confirm");
  if (!value || value->text == "never") return Ask::never;
  if (value->text == "always") return Ask::always;
  return bad_setting(*value, "never or always");
}

// Each service has a history of its own: the jobs of one are unknown to the other.
std::string ledger_name(const std::string& name, std::string_view usual_base_url,
                        const std::string& base_url) {
  constexpr std::size_t kDigits = 12;
  if (base_url == usual_base_url) return name + ".db";
  return name + "-" + base::sha256_hex(base_url).substr(0, kDigits) + ".db";
}

// In the folder of the Motion ledger, whatever that file is called.
std::string further_ledger_path(const Config& config, const std::string& name) {
  const std::size_t slash = config.ledger_path.rfind('/');
  if (slash == std::string::npos) return {};
  return config.ledger_path.substr(0, slash + 1) + name;
}

// The sandbox's jobs end with the process, and so does their history.
Result<std::string> read_ledger_path(const SettingReader& reader, const Config& config) {
  const auto value = reader.flag("ledger");
  if (value && value->text != "off" && value->text.front() != '/') {
    return bad_setting(*value, "off or an absolute path");
  }
  if (config.sandbox || (value && value->text == "off")) return std::string();
  if (value) return value->text;
  if (config.data_folder.empty()) return std::string();
  return config.data_folder + "/" +
         ledger_name("ledger", motion::kDefaultBaseUrl, config.api_base_url);
}

// The sandbox takes any key: what was agreed to there may be forgotten with it.
Result<std::string> read_oauth_store(const SettingReader& reader, const Config& config) {
  const auto value = reader.flag("oauth-store");
  if (value && value->text != "memory" && value->text.front() != '/') {
    return bad_setting(*value, "memory or an absolute path");
  }
  if (value) return value->text == "memory" ? std::string() : value->text;
  if (config.sandbox || config.data_folder.empty()) return std::string();
  return config.data_folder + "/oauth.db";
}

// Replicas and restarts have to find the same one, whatever folder they are started in.
Result<std::string> read_seal_key_file(const SettingReader& reader, const Config& config) {
  const auto value = reader.flag("seal-key-file");
  if (value && value->text.front() != '/') return bad_setting(*value, "an absolute path");
  if (value) return value->text;
  return config.data_folder.empty() ? std::string() : config.data_folder + "/seal.key";
}

// Never the working directory, which is the host's choice and not the user's.
Result<std::string> read_output_dir(const SettingReader& reader, const Config& config) {
  const auto value = reader.flag("output-dir");
  if (value && value->text.front() != '/') return bad_setting(*value, "an absolute path");
  if (value) return value->text;
  return config.data_folder.empty() ? std::string() : config.data_folder + "/videos";
}

Result<std::int64_t> read_count(const SettingReader& reader, const std::string& name,
                                std::int64_t fallback) {
  constexpr std::size_t kMost = 1'000'000'000;
  return static_cast<std::int64_t>(
      TRY(reader.number(name, 0, kMost, static_cast<std::size_t>(fallback))));
}

Result<jobs::SpendGuard::Options> read_spending(const SettingReader& reader) {
  jobs::SpendGuard::Options options;
  options.duplicate_window = std::chrono::seconds(
      TRY(read_count(reader, "duplicate-window", options.duplicate_window.count())));
  options.ceilings.per_hour = TRY(read_count(reader, "max-jobs-per-hour", 0));
  options.ceilings.per_day = TRY(read_count(reader, "max-jobs-per-day", 0));
  options.ceilings.in_flight = TRY(read_count(reader, "max-jobs-in-flight", 0));
  return options;
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// Its text becomes part of a policy: nothing may be in it that says more there.
bool is_origin(const std::string& text) {
  constexpr std::string_view kWildcard = "*.";
  const std::size_t slashes = text.find("://");
  if (slashes == std::string::npos) return false;
  const std::string scheme = text.substr(0, slashes + 3);
  std::string host = text.substr(scheme.size());
  if (host.starts_with(kWildcard)) host.erase(0, kWildcard.size());
  return host.find_first_of("/?#") == std::string::npos && net::parse_url(scheme + host);
}

// A stand-in for the service hands out files of its own.
std::vector<std::string> default_media_origins(const std::string& api_base_url) {
  std::vector<std::string> origins = {std::string(motion::kDefaultMediaOrigin)};
  const std::size_t host = api_base_url.find("://");
  if (api_base_url == motion::kDefaultBaseUrl || host == std::string::npos) return origins;
  const std::string api_origin = api_base_url.substr(0, api_base_url.find('/', host + 3));
  if (is_origin(api_origin)) origins.push_back(api_origin);
  return origins;
}

Result<std::vector<std::string>> read_media_origins(const SettingReader& reader,
                                                    const std::string& api_base_url) {
  const auto value = reader.flag("media-origin");
  if (!value) return default_media_origins(api_base_url);
  std::vector<std::string> origins = reader.list("media-origin");
  if (!std::all_of(origins.begin(), origins.end(), is_origin)) {
    return bad_setting(*value, "origins such as https://storage.googleapis.com");
  }
  return origins;
}

void read_keys(const SettingReader& reader, Config& config) {
  config.api_key = read_api_key(reader, "MOTION_API_KEY", motion::check_key);
  if (config.api_key.value.empty() && !config.api_key.problem) {
    config.api_key.problem = motion::check_key({}).error();
  }
  config.mosaic_key = read_api_key(reader, "MOSAIC_API_KEY", mosaic::check_key);
  config.motioness_project_key =
      read_api_key(reader, "MOTIONESS_PROJECT_KEY", motioness::check_project_key);
  config.motioness_signing_secret =
      read_api_key(reader, "MOTIONESS_SIGNING_SECRET", motioness::check_signing_secret);
  // Not the project key, which is public and part of what the tools answer.
  for (const ApiKey* key :
       {&config.api_key, &config.mosaic_key, &config.motioness_signing_secret}) {
    base::add_secret(key->value);
  }
}

// A base URL that has a variable but no flag.
std::string read_base_url(const SettingReader& reader, const char* variable,
                          std::string_view fallback) {
  return without_slash(reader.variable(variable).value_or(std::string(fallback)));
}

// A proxy's URL may carry a name and a password.
void keep_proxy_secret(const std::string& proxy) {
  const std::size_t scheme = proxy.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t at = proxy.rfind('@');
  if (at == std::string::npos || at < begin) return;
  const std::string user_info = proxy.substr(begin, at - begin);
  base::add_secret(user_info);
  if (const std::size_t colon = user_info.find(':'); colon != std::string::npos) {
    base::add_secret(user_info.substr(colon + 1));
  }
}

// XDG Base Directory Specification: a relative XDG_DATA_HOME is to be ignored.
std::string read_data_folder(const SettingReader& reader) {
  const auto is_absolute = [](const std::optional<std::string>& path) {
    return path && path->front() == '/';
  };
  if (const auto data = reader.variable("XDG_DATA_HOME"); is_absolute(data)) {
    return *data + "/motion-mcp";
  }
  if (const auto home = reader.variable("HOME"); is_absolute(home)) {
    return *home + "/.local/share/motion-mcp";
  }
  return {};
}

}  // namespace

Result<Config> read_config(const GivenFlags& given, const Environment& environment) {
  const SettingReader reader(given, environment);
  Config config;
  read_keys(reader, config);
  config.sandbox = TRY(reader.boolean("sandbox"));
  config.speed = TRY(read_speed(reader, config.speed));
  config.api_base_url =
      without_slash(reader.text("api-base-url", std::string(motion::kDefaultBaseUrl)));
  config.media_origins = TRY(read_media_origins(reader, config.api_base_url));
  config.mosaic_base_url = read_base_url(reader, "MOSAIC_API_BASE_URL", mosaic::kDefaultBaseUrl);
  config.motioness_base_url =
      read_base_url(reader, "MOTIONESS_BASE_URL", motioness::kDefaultBaseUrl);
  config.ca_file = reader.text("ca-file", reader.first_variable({"SSL_CERT_FILE"}));
  config.ca_dir = reader.first_variable({"SSL_CERT_DIR"});
  config.https_proxy = reader.first_variable({"https_proxy", "HTTPS_PROXY"});
  config.no_proxy = reader.first_variable({"no_proxy", "NO_PROXY"});
  keep_proxy_secret(config.https_proxy);
  config.toolsets_were_given = reader.flag("toolsets").has_value();
  if (config.toolsets_were_given) config.toolsets = reader.list("toolsets");
  config.read_only = TRY(reader.boolean("read-only"));
  config.max_wait = TRY(read_max_wait(reader, config.max_wait));
  config.log_level = TRY(read_log_level(reader));
  config.listen = TRY(reader.address("listen"));
  config.wait = TRY(reader.boolean("wait"));
  config.output = reader.text("output");
  config.json = TRY(reader.boolean("json"));
  config.data_folder = read_data_folder(reader);
  config.http = TRY(read_http_config(reader));
  config.http.oauth_store = TRY(read_oauth_store(reader, config));
  config.http.oauth_store_was_given = reader.flag("oauth-store").has_value();
  config.seal_key_file = TRY(read_seal_key_file(reader, config));
  config.seal_key_file_was_given = reader.flag("seal-key-file").has_value();
  config.output_dir = TRY(read_output_dir(reader, config));
  config.max_download_bytes =
      TRY(reader.number("max-download-bytes", 1, kMostDownloadBytes, download::kDefaultMaxBytes));
  config.ledger_path = TRY(read_ledger_path(reader, config));
  config.mosaic_ledger_path = further_ledger_path(
      config, ledger_name("mosaic", mosaic::kDefaultBaseUrl, config.mosaic_base_url));
  config.motioness_ledger_path = further_ledger_path(
      config, ledger_name("motioness", motioness::kDefaultBaseUrl, config.motioness_base_url));
  config.ledger_keeps_prompts = TRY(reader.boolean("ledger-prompts", true));
  config.spending = TRY(read_spending(reader));
  config.confirm = TRY(read_confirm(reader));
  return config;
}

}  // namespace motion_mcp::app
