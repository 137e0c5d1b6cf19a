#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/http_client.h"

namespace motion_mcp::net {

// HttpClient over cpp-httplib, 0.11.4 or newer.
//
// Connections are kept per service and used again; a request that is not safe to repeat goes out
// only on one used within the last kMaxIdleBeforePost, else on a new one, so that a service which
// closes idle connections does not leave its outcome unknown. Nothing is ever sent twice. Redirects
// are returned. A gzip body is decoded; its Content-Length and Content-Encoding stay as they came.
//
// Errors, each naming the host, what failed and the variable or flag that helps:
//   invalid_argument  a header that must not be sent
//   unreachable       the URL was refused; DNS, connect, proxy or TLS failed, or time ran out
//                     before the handshake was done; the request could not be sent whole
//   interrupted       no whole answer: closed, reset, out of time, or over 8 MiB of headers or body
//   cancelled         as HttpClient says, within milliseconds in every phase
//
// What httplib leaves open: response headers come sorted by name, and 0.11.4 percent-decodes their
// values; a body that ends with its connection, without a length, cannot be told from a cut one.
//
// The constructor makes the process ignore SIGPIPE, for httplib writes without MSG_NOSIGNAL. No
// thread, file or socket is opened before the first request.
class HttplibClient final : public HttpClient {
 public:
  struct Options {
    std::string user_agent = "motion-mcp";  // the program adds its version
    // As the environment and the flags give them; only app/ reads those. Empty: not given.
    std::string ca_file;      // --ca-file, SSL_CERT_FILE: trusted instead of the system's
    std::string ca_dir;       // SSL_CERT_DIR, likewise
    std::string https_proxy;  // HTTPS_PROXY: see parse_proxy
    std::string no_proxy;     // NO_PROXY: see NoProxy
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds read_timeout{30'000};
  };

  static constexpr std::chrono::seconds kMaxIdleBeforePost{3};

  explicit HttplibClient(Options options);
  // No request may be under way.
  ~HttplibClient() override;

  Result<HttpResponse> send(const HttpRequest& request, base::SteadyTime deadline,
                            const std::stop_token& stop, const BodySink& sink = {}) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace motion_mcp::net
