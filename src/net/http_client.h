#pragma once

// The one way out of the process: everything above talks to a service through this interface, and
// tests put a scripted one in its place.

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace motion_mcp::net {

// In the order sent or received. Names compare without regard to case (RFC 9110 section 5.1).
using Headers = std::vector<std::pair<std::string, std::string>>;

// The first value of `name`, or nullopt.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct HttpRequest {
  std::string method = "GET";
  // Absolute http or https URL, percent-encoded already. Plain http is refused unless the host is a
  // loopback address.
  std::string url;
  Headers headers;
  std::string body;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;  // empty when a sink took it
};

// Takes a 2xx answer as it arrives; false from either function ends the transfer with
// ErrorKind::cancelled. A default one takes nothing.
struct BodySink {
  using Begin = std::function<bool(const HttpResponse& head)>;
  using Take = std::function<bool(std::string_view bytes)>;

  BodySink() = default;
  template <class Function>
  requires std::is_invocable_r_v<bool, Function&, std::string_view> BodySink(Function bytes)
      : take(std::move(bytes)) {}  // NOLINT(*-explicit-*)
  BodySink(Begin head, Take bytes) : begin(std::move(head)), take(std::move(bytes)) {}

  explicit operator bool() const { return static_cast<bool>(take); }

  Begin begin;  // status and headers, before the first byte; empty when nobody needs them
  Take take;
};

// Thread-safe; any number of requests may be under way.
//
// Errors, besides what an implementation documents:
//   unreachable   the request certainly never reached the service: name resolution, connection,
//                 TLS or the proxy failed, or the URL was refused
//   interrupted   the request may have reached the service, but no whole answer came back: reset,
//                 cut, too large, or the deadline passed after sending began
//   cancelled     `stop` was requested (the request may have been sent) or the sink said no
// Any HTTP status is a success here. Redirects are returned, never followed.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Gives up at `deadline`, however slowly bytes arrive. With a `sink`, a 2xx body goes there and
  // has no size limit; any other body is kept in the response.
  virtual Result<HttpResponse> send(const HttpRequest& request, base::SteadyTime deadline,
                                    const std::stop_token& stop, const BodySink& sink = {}) = 0;
};

}  // namespace motion_mcp::net
