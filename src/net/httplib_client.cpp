#include "net/httplib_client.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "net/connection.h"
#include "net/connection_pool.h"
#include "net/failure.h"
#include "net/headers.h"
#include "net/proxy.h"
#include "net/resolver.h"
#include "net/tls.h"
#include "net/url.h"
#include "net/watchdog.h"

namespace motion_mcp::net {
namespace {

using std::chrono::steady_clock;
using Exchange = std::variant<HttpResponse, Failure>;

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

Failure failure_of(const Resolved& resolved) {
  switch (resolved.outcome) {
    case Resolved::Outcome::cancelled:
      return {Phase::resolving, Cause::cancelled};
    case Resolved::Outcome::timed_out:
      return {Phase::resolving, Cause::timed_out};
    case Resolved::Outcome::busy:  // of a LimitedResolver alone
    case Resolved::Outcome::failed:
    case Resolved::Outcome::found:
      break;
  }
  return {Phase::resolving, Cause::broken, resolved.reason};
}

// An answer that cannot have been cut by an interrupt. Without a length, a body just ends.
bool is_whole_answer(const Exchange& exchange) {
  const auto* response = std::get_if<HttpResponse>(&exchange);
  return response != nullptr && (find_header(response->headers, "Content-Length") ||
                                 find_header(response->headers, "Transfer-Encoding"));
}

}  // namespace

struct HttplibClient::Impl {
  explicit Impl(Options given)
      : options(std::move(given)),
        no_proxy(options.no_proxy),
        trust(options.ca_file, options.ca_dir) {}

  struct Call {
    const HttpRequest& request;
    const Url& url;
    const std::optional<Proxy>& proxy;
    const Headers& headers;
    const BodySink& sink;
    base::SteadyTime deadline;
    const std::stop_token& stop;
  };

  Result<std::optional<Proxy>> proxy_for(const Url& url) const {
    if (options.https_proxy.empty() || !wants_proxy(url, no_proxy)) return std::optional<Proxy>();
    return std::optional<Proxy>(TRY(parse_proxy(options.https_proxy)));
  }

  Headers complete_headers(const HttpRequest& request, const Url& url, bool streams) const {
    Headers headers{{"Host", url.host_header()}};
    headers.insert(headers.end(), request.headers.begin(), request.headers.end());
    if (!find_header(headers, "User-Agent")) {
      headers.emplace_back("User-Agent", options.user_agent);
    }
    if (!find_header(headers, "Accept-Encoding")) {
      headers.emplace_back("Accept-Encoding", !streams && can_decode_gzip() ? "gzip" : "identity");
    }
    return headers;
  }

  // Runs one exchange under the deadline and the stop token.
  Exchange guarded_exchange(Connection& connection, const Call& call) {
    auto watch = watchdog.watch(call.deadline, [&] { connection.interrupt(); });
    const std::stop_callback on_stop(call.stop, [&] { watch.expire(); });
    Exchange exchange = connection.exchange(call.request, call.url, call.headers, call.sink);
    if (!connection.interrupted() || is_whole_answer(exchange)) return exchange;
    Failure failure{Phase::receiving, Cause::deadline};
    if (const auto* broken = std::get_if<Failure>(&exchange)) failure.phase = broken->phase;
    failure.cause = call.stop.stop_requested() ? Cause::cancelled : Cause::deadline;
    return failure;
  }

  Exchange exchange_on_new_connection(const Call& call, X509_STORE* authorities,
                                      std::unique_ptr<Connection>& connection) {
    const auto connect_by = std::min(call.deadline, steady_clock::now() + options.connect_timeout);
    const std::string& host = call.proxy ? call.proxy->host : call.url.host;
    const Resolved resolved = resolve(host, connect_by, call.stop);
    if (resolved.outcome != Resolved::Outcome::found) return failure_of(resolved);

    Failure failure{Phase::connecting, Cause::timed_out};
    auto left = static_cast<long>(resolved.addresses.size());
    for (const std::string& address : resolved.addresses) {
      if (!call.url.https && !is_loopback_address(address)) {
        failure = {Phase::connecting, Cause::broken, "it is not this machine's loopback address"};
        continue;
      }
      // The time to connect is shared out, so that a dead first address leaves some to the next.
      const auto share =
          std::chrono::ceil<std::chrono::milliseconds>((connect_by - steady_clock::now()) / left--);
      if (share.count() <= 0) break;
      auto prepared = Connection::prepare(call.url, call.proxy, address, authorities,
                                          {share, options.read_timeout});
      if (!prepared) return Failure{Phase::connecting, Cause::broken, prepared.error().message};
      connection = *std::move(prepared);
      Exchange exchange = guarded_exchange(*connection, call);
      const auto* failed = std::get_if<Failure>(&exchange);
      if (failed == nullptr || failed->phase != Phase::connecting || connection->interrupted()) {
        return exchange;
      }
      failure = *failed;
    }
    return failure;
  }

  Result<HttpResponse> send(const Call& call, const Peer& peer) {
    const std::string service =
        (call.url.https ? "https://" : "http://") + call.url.host_and_port();
    const auto max_idle =
        is_safe(call.request.method) ? ConnectionPool::kMaxIdle : kMaxIdleBeforePost;
    auto connection = pool.take(service, steady_clock::now(), max_idle);
    X509_STORE* authorities = nullptr;
    if (!connection && call.url.https) authorities = TRY(trust.get());
    Exchange exchange = connection ? guarded_exchange(*connection, call)
                                   : exchange_on_new_connection(call, authorities, connection);
    if (const auto* failure = std::get_if<Failure>(&exchange)) return to_error(*failure, peer);
    if (connection->reusable()) pool.put(service, steady_clock::now(), std::move(connection));
    return std::get<HttpResponse>(std::move(exchange));
  }

  const Options options;
  const NoProxy no_proxy;
  TrustStore trust;
  ConnectionPool pool;
  Watchdog watchdog;
};

HttplibClient::HttplibClient(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

HttplibClient::~HttplibClient() = default;

Result<HttpResponse> HttplibClient::send(const HttpRequest& request, base::SteadyTime deadline,
                                         const std::stop_token& stop, const BodySink& sink) {
  TRY(check_request(request));
  const Url url = TRY(parse_url(request.url));
  if (!url.https && !is_loopback_host(url.host)) {
    return Error{ErrorKind::unreachable,
                 "plain http to " + url.host + " was refused: only loopback may do without TLS",
                 "Use an https:// URL."};
  }
  const std::optional<Proxy> proxy = TRY(impl_->proxy_for(url));
  const Peer peer{url.host_and_port(), proxy ? proxy->name() : std::string()};
  if (stop.stop_requested()) return to_error({Phase::connecting, Cause::cancelled}, peer);
  if (steady_clock::now() >= deadline) return to_error({Phase::connecting, Cause::deadline}, peer);

  const Headers headers = impl_->complete_headers(request, url, static_cast<bool>(sink));
  try {
    return impl_->send({request, url, proxy, headers, sink, deadline, stop}, peer);
  } catch (const std::exception&) {
    // Memory or threads ran out, who knows when.
    return to_error({Phase::receiving, Cause::broken, "this machine is out of resources"}, peer);
  }
}

}  // namespace motion_mcp::net
