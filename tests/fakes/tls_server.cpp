#include "fakes/tls_server.h"

#include <openssl/ssl.h>

#include <csignal>
#include <utility>

namespace motion_mcp::fakes {

TlsServer::TlsServer(const TestCertificates& certificates, Serve serve)
    : serve_(std::move(serve)), context_(SSL_CTX_new(TLS_server_method())) {
  std::signal(SIGPIPE, SIG_IGN);  // clients leave, and OpenSSL writes without MSG_NOSIGNAL
  SSL_CTX_use_certificate_file(context_, certificates.certificate_file().c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(context_, certificates.key_file().c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_set_num_tickets(context_, 0);  // what `serve` writes shall be the first thing to come
  thread_ = std::thread([this] {
    while (!stopping_) serve_one(port_.accept_within(10));
  });
}

TlsServer::~TlsServer() {
  stopping_ = true;
  thread_.join();
  SSL_CTX_free(context_);
}

void TlsServer::serve_one(const Socket& client) {
  if (!client.valid()) return;
  ++accepted_;
  SSL* ssl = SSL_new(context_);
  SSL_set_fd(ssl, client.descriptor());
  if (SSL_accept(ssl) == 1) serve_(ssl);
  SSL_free(ssl);
  client.shut_down();
  ++closed_;
}

std::string read_some(SSL* ssl) {
  std::string bytes(16384, '\0');
  const int count = SSL_read(ssl, bytes.data(), static_cast<int>(bytes.size()));
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

bool write_all(SSL* ssl, std::string_view bytes) {
  return SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

}  // namespace motion_mcp::fakes
