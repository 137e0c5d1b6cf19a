#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/result.h"
#include "net/failure.h"
#include "net/http_client.h"
#include "net/proxy.h"
#include "net/tls.h"
#include "net/url.h"

namespace motion_mcp::net {

inline constexpr std::size_t kMebibyteBytes = std::size_t{1024} * 1024;

struct ConnectionLimits {
  std::chrono::milliseconds connect{10'000};        // TCP, and each wait of the TLS handshake
  std::chrono::milliseconds read{30'000};           // each wait for bytes, either way
  std::size_t response_bytes = 8 * kMebibyteBytes;  // of headers, and of a body without a sink
};

// One TCP or TLS connection to one service, through httplib. It is made once, by the first
// exchange, and never silently again: httplib would repeat a request on a new connection that it
// has already sent (0.16 and later), and a POST must not be. One thread at a time, except for
// interrupt().
class Connection {
 public:
  // `address` is numeric: the service's, or the proxy's when there is one. Nothing happens on the
  // network yet. `trust` is for https and must outlive the connection. ErrorKind::internal when
  // OpenSSL or the system refuses.
  static Result<std::unique_ptr<Connection>> prepare(const Url& url,
                                                     const std::optional<Proxy>& proxy,
                                                     const std::string& address, X509_STORE* trust,
                                                     const ConnectionLimits& limits);
  ~Connection();

  // Sends the request, at most once, and waits for the whole answer. `headers` are complete but for
  // Content-Length. A gzip body arrives decoded. Causes are broken, timed_out, too_large or
  // sink_refused; after an interrupt, any.
  std::variant<HttpResponse, Failure> exchange(const HttpRequest& request, const Url& url,
                                               const Headers& headers, const BodySink& sink);

  // Ends the exchange under way, or the next, in any phase. Any thread; returns at once.
  void interrupt();
  [[nodiscard]] bool interrupted() const;

  // Open, unharmed and silent, so that another exchange may follow.
  [[nodiscard]] bool reusable() const;

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether this build can decode gzip; when not, it must not be asked for.
bool can_decode_gzip();

}  // namespace motion_mcp::net
