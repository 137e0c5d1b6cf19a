#pragma once

// A proxy that opens tunnels, all of them to one place, whatever name was asked for.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace motion_mcp::fakes {

// Thread-safe. The destructor ends every tunnel.
class ConnectProxy {
 public:
  struct Seen {
    std::string target;         // "host:port" as asked for
    std::string authorization;  // of the Proxy-Authorization header, empty without one
  };

  // Tunnels lead to `target_port` on 127.0.0.1. With another `status` than 200 every CONNECT is
  // answered with that and a page of HTML; with 0 the connection is closed without an answer.
  explicit ConnectProxy(std::uint16_t target_port, int status = 200);
  ~ConnectProxy();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::vector<Seen> seen() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace motion_mcp::fakes
