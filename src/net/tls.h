#pragma once

// Certificates and host names are checked by OpenSSL during the handshake, against one store of
// authorities for all connections (loading the system's takes about 26 ms).

#include <openssl/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"

namespace motion_mcp::net {

// The certificate authorities to trust. Thread-safe.
class TrustStore {
 public:
  // A PEM file, a directory (or several, with colons) prepared by `openssl rehash`, or both: they
  // are trusted instead of the system's authorities. Both empty: the system's.
  TrustStore(std::string ca_file, std::string ca_dir);

  // Loads at the first call, and again after a failure. The store lives as long as this object.
  // ErrorKind::unreachable, naming the file, when it cannot be read.
  Result<X509_STORE*> get();

 private:
  struct Free {
    void operator()(X509_STORE* store) const;
  };
  const std::string ca_file_;
  const std::string ca_dir_;
  std::mutex mutex_;
  std::unique_ptr<X509_STORE, Free> store_;
};

// What OpenSSL tells of one connection while it is used. Everything runs on the thread that sends.
struct TlsSession {
  // Before the first byte of the handshake leaves.
  std::function<void()> on_start;
  // Must end the connection: the peer is not to be trusted, or sends too much.
  std::function<void()> on_violation;

  bool started = false;
  bool established = false;            // the handshake is done and the certificate is good
  bool certificate_bad = false;        // the handshake failed for its sake
  std::string failure;                 // OpenSSL's reason, empty when the connection just ended
  std::size_t received_bytes = 0;      // counted by whole records
  std::size_t max_received_bytes = 0;  // more is a violation; 0: no limit
};

// Prepares `context` for connections to `host`, a name or an address: trust, host name, TLS 1.2 at
// least. `session` must outlive the context. ErrorKind::internal when OpenSSL refuses.
Result<void> configure_tls(SSL_CTX* context, X509_STORE* trust, const std::string& host,
                           TlsSession& session);

// Forgets what OpenSSL noted on this thread before, so that a later reason belongs to a later call.
void clear_tls_errors();

}  // namespace motion_mcp::net
