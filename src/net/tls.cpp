#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

#include "net/url.h"

namespace motion_mcp::net {
namespace {

std::string first_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  return reason == nullptr ? std::string() : std::string(reason);
}

int session_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

void note_failure(const SSL* ssl, TlsSession& session) {
  const long verify_error = SSL_get_verify_result(ssl);
  session.certificate_bad = verify_error != X509_V_OK;
  session.failure =
      session.certificate_bad ? X509_verify_cert_error_string(verify_error) : first_reason();
}

void on_info(const SSL* ssl, int where, int result) {
  void* const data = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), session_index());
  TlsSession& session = *static_cast<TlsSession*>(data);
  if (session.established) return;
  if ((where & SSL_CB_HANDSHAKE_START) != 0 && !session.started) {
    session.started = true;
    session.on_start();
  }
  if ((where & SSL_CB_EXIT) != 0 && result <= 0) note_failure(ssl, session);
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0) {
    // OpenSSL has refused a bad certificate by now, unless something switched that off: then the
    // connection ends here, before a request leaves.
    session.established =
        SSL_get_verify_result(ssl) == X509_V_OK && SSL_get0_peer_certificate(ssl) != nullptr;
    if (session.established) return;
    note_failure(ssl, session);
    session.on_violation();
  }
}

// Record headers: type, version, version, length, length (RFC 8446 section 5.1).
void on_message(int is_write, int /*version*/, int content_type, const void* bytes,
                std::size_t size, SSL* /*ssl*/, void* argument) {
  if (is_write != 0 || content_type != SSL3_RT_HEADER || size < SSL3_RT_HEADER_LENGTH) return;
  TlsSession& session = *static_cast<TlsSession*>(argument);
  const auto* header = static_cast<const unsigned char*>(bytes);
  session.received_bytes += static_cast<std::size_t>(header[3]) * 256 + header[4];
  if (session.max_received_bytes != 0 && session.received_bytes > session.max_received_bytes) {
    session.on_violation();
  }
}

bool expect_host(X509_VERIFY_PARAM* expectations, const std::string& host) {
  if (is_ip_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(expectations, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(expectations, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(expectations, host.data(), host.size()) == 1;
}

Error unreadable(const std::string& what, const std::string& path) {
  std::string message = "the " + what + " " + path + " cannot be used";
  if (const std::string reason = first_reason(); !reason.empty()) message += ": " + reason;
  return Error{
      ErrorKind::unreachable, std::move(message),
      "Point --ca-file or SSL_CERT_FILE at a readable PEM file, SSL_CERT_DIR at a readable "
      "directory, or leave them unset."};
}

}  // namespace

TrustStore::TrustStore(std::string ca_file, std::string ca_dir)
    : ca_file_(std::move(ca_file)), ca_dir_(std::move(ca_dir)) {}

void TrustStore::Free::operator()(X509_STORE* store) const {
  X509_STORE_free(store);
}

Result<X509_STORE*> TrustStore::get() {
  const std::scoped_lock lock(mutex_);
  if (store_) return store_.get();
  clear_tls_errors();
  std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
  if (!store) return Error{ErrorKind::internal, "OpenSSL could not make a certificate store"};
  if (ca_file_.empty() && ca_dir_.empty()) X509_STORE_set_default_paths(store.get());
  if (!ca_file_.empty() && X509_STORE_load_file(store.get(), ca_file_.c_str()) != 1) {
    return unreadable("CA file", ca_file_);
  }
  if (!ca_dir_.empty() && X509_STORE_load_path(store.get(), ca_dir_.c_str()) != 1) {
    return unreadable("CA directory", ca_dir_);
  }
  store_ = std::move(store);
  return store_.get();
}

Result<void> configure_tls(SSL_CTX* context, X509_STORE* trust, const std::string& host,
                           TlsSession& session) {
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_ex_data(context, session_index(), &session) != 1 ||
      !expect_host(SSL_CTX_get0_param(context), host)) {
    return Error{ErrorKind::internal, "OpenSSL could not prepare a connection to " + host};
  }
  SSL_CTX_set1_cert_store(context, trust);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_info_callback(context, on_info);
  SSL_CTX_set_msg_callback(context, on_message);
  SSL_CTX_set_msg_callback_arg(context, &session);
  return {};
}

void clear_tls_errors() {
  ERR_clear_error();
}

}  // namespace motion_mcp::net
