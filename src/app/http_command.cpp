#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/further_services.h"
#include "app/http_places.h"
#include "app/oauth.h"
#include "app/seal_keys.h"
#include "app/signals.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/worker_pool.h"
#include "transport/admission.h"
#include "transport/http_access_log.h"
#include "transport/http_admin.h"
#include "transport/http_front.h"
#include "transport/http_listener.h"
#include "transport/http_metrics.h"
#include "transport/metrics_text.h"

namespace motion_mcp::app {
namespace {

using transport::HttpListener;
using transport::HttpListenerOptions;

constexpr std::uint16_t kDefaultPort = 8391;
constexpr std::size_t kAdminConnections = 64;
// What is left of the time to drain for answers that were stopped to go out.
constexpr std::chrono::seconds kForAnswers{2};

// Descriptors besides connections: requests upstream, the ledger, the admin listener's own.
constexpr rlim_t kOtherDescriptors = 256;

// A thousand connections are more descriptors than a shell grants at first. Where the system grants
// too few at all, those who come later would wait unseen: that is said.
void raise_descriptor_limit(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t granted = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = granted;
  if (limit.rlim_cur >= connections + kOtherDescriptors) return;
  base::log_warning("the system allows " + std::to_string(limit.rlim_cur) +
                    " open files, too few for --max-connections " + std::to_string(connections) +
                    ": connections beyond them wait. Raise the limit (ulimit -n, or LimitNOFILE "
                    "of systemd) or lower --max-connections");
}

// Tells several observers.
class Observers final : public transport::HttpObserver {
 public:
  void add(transport::HttpObserver& observer) { observers_.push_back(&observer); }
  void served(const transport::HttpServed& request) override {
    for (auto* observer : observers_) observer->served(request);
  }
  void flush() override {
    for (auto* observer : observers_) observer->flush();
  }

 private:
  std::vector<transport::HttpObserver*> observers_;
};

// Everything between the sockets and the MCP server, in the order of its construction.
class HttpServer {
 public:
  HttpServer(const Program& program, const Config& config,
             std::shared_ptr<const base::SealKeys> seal_keys)
      : program_(program),
        whole_config_(config),
        config_(config.http),
        seal_keys_(std::move(seal_keys)),
        admission_(config_.admission, base::system_clock()),
        // A place is free before its thread is: the next call may have to wait for it a moment.
        pool_({.threads = config_.admission.in_flight, .queued = config_.admission.in_flight}),
        log_(STDERR_FILENO) {
    observers_.add(metrics_);
    if (config_.access_log) observers_.add(log_);
  }

  // Takes the addresses, then serves.
  Result<void> start(const ListenAddress& listen) {
    const ApiKey& key = whole_config_.api_key;
    if (config_.shared_key && key.value.empty() && !key.file.empty() && key.problem &&
        !whole_config_.sandbox) {
      return *key.problem;
    }
    listener_ = TRY(HttpListener::open(listener_options(listen), pool_, observers_));
    auto access = TRY(make_access(config_, listen, port(), program_.caller().credential));
    if (config_.oauth) {
      const std::string issuer = TRY(issuer_url(config_, listen, port()));
      oauth_ = TRY(make_oauth(whole_config_, program_, issuer, seal_keys_));
      access.tokens = tokens_of(*oauth_);
    }
    if (config_.admin_listen) {
      admin_listener_ = TRY(HttpListener::open(admin_options(), pool_, nobody_));
      admin_listener_->serve(admin_);
    }
    front_.emplace(program_.server(), access, admission_, seal_keys_);
    if (oauth_) oauth_service_.emplace(*oauth_, access, *front_);
    listener_->serve(oauth_ ? static_cast<const transport::HttpService&>(*oauth_service_)
                            : *front_);
    return {};
  }

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
  [[nodiscard]] std::uint16_t admin_port() const {
    return admin_listener_ ? admin_listener_->port() : std::uint16_t{0};
  }

  // True when every call had its answer.
  bool stop() {
    is_ready_ = false;
    const auto deadline = base::system_clock().now() + config_.drain;
    const auto for_answers = std::min<std::chrono::milliseconds>(kForAnswers, config_.drain / 2);
    const bool has_ended = listener_->drain(deadline - for_answers, deadline);
    observers_.flush();  // with a call still under way nothing here is destroyed
    return has_ended;
  }

 private:
  [[nodiscard]] HttpListenerOptions listener_options(const ListenAddress& listen) const {
    HttpListenerOptions options = config_.listener;
    options.host = listen.host;
    options.port = listen.port;
    options.tls_certificate_file = config_.tls_certificate_file;
    options.tls_key_file = config_.tls_key_file;
    options.trusted_proxies = config_.trusted_proxies;
    return options;
  }

  [[nodiscard]] HttpListenerOptions admin_options() const {
    HttpListenerOptions options;
    options.host = config_.admin_listen->host;
    options.port = config_.admin_listen->port;
    options.connections = kAdminConnections;
    return options;
  }

  [[nodiscard]] std::string print_metrics() const {
    transport::MetricsText text;
    metrics_.print(text);
    const HttpListener::Figures figures = listener_->figures();
    text.begin("motion_mcp_connections", "gauge", "Open connections.");
    text.add(std::uint64_t{figures.connections});
    text.begin("motion_mcp_streams", "gauge", "Open event streams.");
    text.add(std::uint64_t{figures.streams});
    text.begin("motion_mcp_connections_total", "counter", "Connections accepted.");
    text.add(figures.accepted);
    text.begin("motion_mcp_connections_refused_total", "counter",
               "Connections turned away because of --max-connections.");
    text.add(figures.turned_away);
    text.begin("motion_mcp_calls_in_flight", "gauge", "Calls under way.");
    text.add(std::uint64_t{admission_.in_flight()});
    text.begin("motion_mcp_jobs_watched", "gauge", "Jobs that somebody waits for, by service.");
    text.add(std::uint64_t{program_.watched_jobs()}, {{"service", "motion"}});
    text.add(std::uint64_t{program_.watched_clips()}, {{"service", "mosaic"}});
    program_.upstream().print(text);
    return text.text();
  }

  const Program& program_;
  const Config& whole_config_;
  const HttpConfig& config_;
  const std::shared_ptr<const base::SealKeys> seal_keys_;
  transport::Admission admission_;
  std::unique_ptr<auth::OAuthFront> oauth_;  // null without --oauth
  std::optional<transport::HttpFront> front_;
  std::optional<OAuthService> oauth_service_;
  base::WorkerPool pool_;
  transport::HttpMetrics metrics_;
  transport::HttpAccessLog log_;
  Observers observers_;
  Observers nobody_;
  std::atomic<bool> is_ready_{true};
  const transport::HttpAdmin admin_{
      {[this] { return is_ready_.load(); }, [this] { return print_metrics(); }}};
  std::unique_ptr<HttpListener> listener_;
  std::unique_ptr<HttpListener> admin_listener_;
};

std::string endpoint_url(const HttpConfig& config, const ListenAddress& listen,
                         std::uint16_t port) {
  const std::string path(transport::HttpFront::kPath);
  if (!config.public_url.empty()) return config.public_url + path;
  const std::string scheme = config.tls_certificate_file.empty() ? "http://" : "https://";
  return scheme + authority_of(listen.host, port) + path;
}

ExitCode fail(const Console& console, const Error& error) {
  print_error(console, error);
  return exit_code_of(error.kind);
}

}  // namespace

ExitCode run_http(const Config& config, const Console& console) {
  const StopOnSignal signals;
  raise_descriptor_limit(config.http.listener.connections);
  std::signal(SIGPIPE, SIG_IGN);  // standard error may be a pipe whose reader left

  for (const std::string& warning : unused_key_warnings(config)) base::log_warning(warning);
  const auto keys = read_seal_keys_now(config);
  if (!keys) return fail(console, keys.error());
  auto program =
      Program::make(config, Audience::remote, std::make_shared<const base::SealKeySource>(*keys));
  if (!program) return fail(console, program.error());
  auto server = std::make_unique<HttpServer>(**program, config,
                                             std::make_shared<const base::SealKeys>(*keys));
  const ListenAddress listen = config.listen.value_or(ListenAddress{.port = kDefaultPort});
  if (const auto started = server->start(listen); !started) return fail(console, started.error());

  console.out(endpoint_url(config.http, listen, server->port()) + "\n");
  if (config.http.admin_listen) {
    console.out("http://" + authority_of(config.http.admin_listen->host, server->admin_port()) +
                "/metrics\n");
  }
  const base::Clock& clock = base::system_clock();
  while (clock.sleep_until(clock.now() + std::chrono::hours(1), signals.token())) {
  }
  if (server->stop()) return ExitCode::ok;
  base::log_warning("calls were still under way when the time to stop was over");
  // They may never end: leave them, and what they use, behind.
  static_cast<void>(server.release());
  static_cast<void>(program->release());
  return ExitCode::failed;
}

}  // namespace motion_mcp::app
