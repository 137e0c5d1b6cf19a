#pragma once

// A TLS service on loopback that does with each connection what a test tells it.

#include <openssl/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "fakes/certificates.h"
#include "fakes/sockets.h"

namespace motion_mcp::fakes {

// Serves one connection after the other, after its handshake, and closes it.
class TlsServer {
 public:
  using Serve = std::function<void(SSL*)>;

  // `serve` runs on the server's thread. `certificates` must outlive the server.
  TlsServer(const TestCertificates& certificates, Serve serve);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_.number(); }
  // Connections that were taken, and that are over.
  [[nodiscard]] int accepted() const { return accepted_; }
  [[nodiscard]] int closed() const { return closed_; }

 private:
  void serve_one(const Socket& client);

  Serve serve_;
  LoopbackPort port_;
  SSL_CTX* context_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> accepted_ = 0;
  std::atomic<int> closed_ = 0;
  std::thread thread_;
};

// At most 16 KiB; empty at the end or after an error.
std::string read_some(SSL* ssl);
// False when the other side is gone.
bool write_all(SSL* ssl, std::string_view bytes);

}  // namespace motion_mcp::fakes
