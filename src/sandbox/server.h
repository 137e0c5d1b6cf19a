#pragma once

// The sandbox on a port of its own.

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace motion_mcp::sandbox {

// Serves from start() until it is destroyed, on threads of its own. Connections are kept alive for
// a minute; a body may have 1 MiB.
class Server {
 public:
  struct Options {
    std::string host = "127.0.0.1";  // a name or an address to listen on
    int port = 0;                    // 0: any free one
    double speed = 100;              // 1: a job takes ten minutes; 100: six seconds
  };

  // Listens when it returns. invalid_argument when the speed is not above 0 or the address cannot
  // be listened on. `clock` must outlive the server.
  static Result<std::unique_ptr<Server>> start(const Options& options,
                                               const base::Clock& clock = base::system_clock());

  // Ends every connection, whatever it is doing, and returns within milliseconds.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] int port() const;
  // "http://127.0.0.1:8080"
  [[nodiscard]] std::string origin() const;
  // "http://127.0.0.1:8080/api/motion": what MOTION_API_BASE_URL takes.
  [[nodiscard]] std::string api_base_url() const;
  // The same for MOSAIC_API_BASE_URL and MOTIONESS_BASE_URL.
  [[nodiscard]] std::string mosaic_base_url() const;
  [[nodiscard]] std::string motioness_base_url() const;

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace motion_mcp::sandbox
