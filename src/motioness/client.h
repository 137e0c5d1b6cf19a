#pragma once

#include <chrono>
#include <stop_token>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "motioness/answer.h"
#include "motioness/link.h"
#include "net/event_stream.h"
#include "net/http_client.h"

namespace motion_mcp::motioness {

// The two requests of the proxy. Thread-safe; `http` and `clock` must outlive it.
class Client {
 public:
  // How long a get may take besides its wait, with all its repeats.
  static constexpr std::chrono::seconds kPatience{20};
  static constexpr int kMaxAttempts = 3;

  Client(net::HttpClient& http, const base::Clock& clock) : http_(http), clock_(clock) {}

  // GETs the link, held by the service for `wait` at most (kMaxWait) unless the asset is ready
  // before. The first GET of an asset starts its generation, which is paid work; every other one is
  // free, so this one is repeated, jittered, when it got no answer, a 5xx that is not final or a
  // 429 whose Retry-After fits. Of a video or picture only the headers are read: the connection is
  // closed before the body.
  Result<Asset> get(const Project& project, const Link& link, std::chrono::milliseconds wait,
                    const std::stop_token& stop, std::chrono::seconds patience = kPatience) const;

  // The live events of an asset; nothing is sent before it is followed. invalid_argument when the
  // id cannot be one.
  Result<net::EventStream> events(const Project& project, std::string_view asset_id) const;

  // Whether the proxy is there and takes the project key: asks for the events of an asset that
  // nobody has, which starts nothing. [guess] The answer to that is a 404, to a bad key a 403.
  Result<void> probe(const Project& project, const std::stop_token& stop) const;

 private:
  Result<Asset> get_once(const net::HttpRequest& request, base::SteadyTime deadline,
                         const std::stop_token& stop) const;

  net::HttpClient& http_;
  const base::Clock& clock_;
};

}  // namespace motion_mcp::motioness
