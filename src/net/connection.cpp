#include "net/connection.h"

#include <httplib.h>

#include <cstdint>
#include <exception>
#include <utility>

#include "net/lifeline.h"

namespace motion_mcp::net {
namespace {

// httplib's names for the same thing differ between versions.
template <class Client>
SSL_CTX* tls_context_of(Client& client) {
  if constexpr (requires { client.ssl_context(); }) {
    return client.ssl_context();
  } else {
    return static_cast<SSL_CTX*>(client.tls_context());
  }
}

template <class Client>
void send_target_as_written(Client& client) {
  if constexpr (requires { client.set_path_encode(false); }) {
    client.set_path_encode(false);
  } else {
    client.set_url_encode(false);
  }
}

bool is_connect_error(httplib::Error error) {
  return error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout ||
         error == httplib::Error::BindIPAddress;
}

std::size_t bytes_in(const httplib::Headers& headers) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : headers) bytes += name.size() + value.size();
  return bytes;
}

std::string limit_text(std::size_t bytes) {
  return "more than " + std::to_string(bytes / kMebibyteBytes) + " MiB";
}

// The answer as it grows.
struct Incoming {
  const BodySink& sink;
  std::size_t max_bytes;
  int status = 0;
  bool begun = false;
  std::string body = {};
  std::optional<Failure> refused = std::nullopt;  // why we let go of it

  bool refuse(Cause cause, std::string reason) {
    refused = Failure{Phase::receiving, cause, std::move(reason)};
    return false;
  }
  bool take_head(const httplib::Response& head) {
    status = head.status;
    if (status < 200) return refuse(Cause::broken, "status " + std::to_string(status));
    if (bytes_in(head.headers) > max_bytes) return refuse(Cause::too_large, limit_text(max_bytes));
    if (!goes_to_sink() || !sink.begin || std::exchange(begun, true)) return true;
    HttpResponse shown{status, {head.headers.begin(), head.headers.end()}, {}};
    return sink.begin(shown) || refuse(Cause::sink_refused, {});
  }
  [[nodiscard]] bool goes_to_sink() const { return sink && status / 100 == 2; }
  bool take_body(std::string_view bytes) {
    if (goes_to_sink()) return sink.take(bytes) || refuse(Cause::sink_refused, {});
    if (bytes.size() > max_bytes - body.size()) {
      return refuse(Cause::too_large, limit_text(max_bytes));
    }
    body.append(bytes);
    return true;
  }
};

}  // namespace

struct Connection::Impl {
  ConnectionLimits limits;
  bool https = false;
  bool has_proxy = false;

  bool may_connect = true;
  bool was_used = false;
  bool reconnect_refused = false;
  bool harmed = false;
  int proxy_status = 0;
  TlsSession tls;
  Lifeline lifeline;
  std::unique_ptr<httplib::ClientImpl> client;  // last: its end still uses the rest

  ~Impl() {
    // Newer versions wait for the other side's farewell; nobody has time for that.
    lifeline.shut_down();
  }

  void on_socket(int socket) {
    if (std::exchange(may_connect, false)) {
      lifeline.attach(socket);
      return;
    }
    reconnect_refused = true;
    Lifeline::spoil(socket);
  }

  [[nodiscard]] Failure failure_of(httplib::Error error) const {
    const Cause cause =
        error == httplib::Error::ConnectionTimeout ? Cause::timed_out : Cause::broken;
    if (reconnect_refused) {
      return {Phase::receiving, Cause::broken, "it was closed without an answer"};
    }
    if (!was_used && is_connect_error(error)) return {Phase::connecting, cause};
    if (https && !tls.established) {
      const bool tunnel_refused = proxy_status != 0 && proxy_status / 100 != 2;
      if (has_proxy && (!tls.started || tunnel_refused)) {
        return {Phase::proxy, Cause::broken, {}, false, proxy_status};
      }
      return {Phase::handshake, cause, tls.failure, tls.certificate_bad};
    }
    return {error == httplib::Error::Write ? Phase::sending : Phase::receiving, Cause::broken};
  }
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::prepare(const Url& url,
                                                        const std::optional<Proxy>& proxy,
                                                        const std::string& address,
                                                        X509_STORE* trust,
                                                        const ConnectionLimits& limits) {
  if (!Lifeline::can_spoil()) return Error{ErrorKind::internal, "/dev/null cannot be opened"};
  auto owned = std::make_unique<Impl>();
  Impl& impl = *owned;
  impl.limits = limits;
  impl.https = url.https;
  impl.has_proxy = proxy.has_value();
  if (url.https) {
    auto client = std::make_unique<httplib::SSLClient>(url.host, url.port);
    // configure_tls has OpenSSL verify, which is stricter, names the reason and shares the trusted
    // authorities; httplib's own check would load them anew for every connection.
    client->enable_server_certificate_verification(false);
    TRY(configure_tls(tls_context_of(*client), trust, url.host, impl.tls));
    impl.client = std::move(client);
    // httplib would send the proxy's password on to the service, inside the tunnel.
    impl.tls.on_start = [&impl] { impl.client->set_proxy_basic_auth({}, {}); };
    impl.tls.on_violation = [&impl] {
      impl.harmed = true;
      impl.lifeline.abort();
    };
  } else {
    impl.client = std::make_unique<httplib::ClientImpl>(url.host, url.port);
  }

  httplib::ClientImpl& client = *impl.client;
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_follow_location(false);
  send_target_as_written(client);
  client.set_connection_timeout(limits.connect);
  client.set_read_timeout(limits.read);
  client.set_write_timeout(limits.read);
  client.set_socket_options([&impl](auto socket) { impl.on_socket(socket); });
  if (proxy) {
    client.set_proxy(address, proxy->port);
    client.set_proxy_basic_auth(proxy->user, proxy->password);
    client.set_logger([&impl](const httplib::Request& request, const httplib::Response& response) {
      if (request.method == "CONNECT") impl.proxy_status = response.status;
    });
  } else if (address != url.host) {
    client.set_hostname_addr_map({{url.host, address}});
  }
  return std::unique_ptr<Connection>(new Connection(std::move(owned)));
}

std::variant<HttpResponse, Failure> Connection::exchange(const HttpRequest& request, const Url& url,
                                                         const Headers& headers,
                                                         const BodySink& sink) {
  Impl& impl = *impl_;
  Incoming incoming{sink, impl.limits.response_bytes};
  const auto unless_refused = [&](bool taken) {
    // Without this, httplib might still wait for the other side before it lets go.
    if (!taken) impl.lifeline.abort();
    return taken;
  };

  httplib::Request out;
  out.method = request.method;
  out.path = url.target;
  out.body = request.body;
  for (const auto& [name, value] : headers) out.headers.emplace(name, value);
  out.response_handler = [&](const httplib::Response& head) {
    impl.tls.max_received_bytes = 0;
    return unless_refused(incoming.take_head(head));
  };
  out.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t, std::uint64_t) {
    return unless_refused(incoming.take_body({bytes, size}));
  };

  // Until the head is complete httplib itself sets no limit. The answer's bytes inside TLS are a
  // little more than outside.
  impl.tls.received_bytes = 0;
  impl.tls.max_received_bytes = impl.limits.response_bytes;
  clear_tls_errors();

  httplib::Response in;
  auto error = httplib::Error::Unknown;
  bool answered = false;
  try {
    answered = impl.client->send(out, in, error);
  } catch (const std::exception&) {
    answered = false;
  }
  // The proxy's own answer comes back as if it were the service's.
  if (impl.https && !impl.tls.established && answered) {
    impl.proxy_status = in.status;
    answered = false;
  }
  // Answers without a body pass by the handler above.
  if (answered && !incoming.refused) incoming.take_head(in);
  if (!answered || incoming.refused) {
    impl.harmed = true;
    if (incoming.refused) return *std::move(incoming.refused);
    if (impl.tls.max_received_bytes != 0 && impl.tls.received_bytes > impl.tls.max_received_bytes) {
      return Failure{Phase::receiving, Cause::too_large, limit_text(impl.limits.response_bytes)};
    }
    return impl.failure_of(error);
  }
  impl.was_used = true;

  HttpResponse response;
  response.status = in.status;
  for (const auto& [name, value] : in.headers) response.headers.emplace_back(name, value);
  response.body = std::move(incoming.body);
  return response;
}

void Connection::interrupt() {
  impl_->lifeline.interrupt();
}

bool Connection::interrupted() const {
  return impl_->lifeline.interrupted();
}

bool Connection::reusable() const {
  return !impl_->harmed && !impl_->lifeline.interrupted() && impl_->client->is_socket_open() != 0 &&
         impl_->lifeline.quiet();
}

bool can_decode_gzip() {
#ifdef CPPHTTPLIB_ZLIB_SUPPORT
  return true;
#else
  return false;
#endif
}

}  // namespace motion_mcp::net
