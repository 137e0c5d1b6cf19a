#include "base/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "base/digest.h"

namespace motion_mcp::base {
namespace {

// HMAC-SHA256, to be given a key. Made once for a thread: looking the two up in OpenSSL takes
// longer than their work, and every HTTP request asks for an owner (owner.h).
class KeyedHash {
 public:
  static constexpr std::size_t kBytes = 32;

  KeyedHash() : mac_(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr)) {
    context_.reset(EVP_MAC_CTX_new(mac_.get()));
    std::array<char, 8> digest{"SHA256"};
    const std::array<OSSL_PARAM, 2> params = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (!context_ || EVP_MAC_CTX_set_params(context_.get(), params.data()) != 1) std::abort();
  }

  std::array<unsigned char, kBytes> of(std::string_view text, std::string_view key) {
    std::array<unsigned char, kBytes> digest{};
    std::size_t size = 0;
    const bool is_made = EVP_MAC_init(context_.get(), bytes(key), key.size(), nullptr) == 1 &&
                         EVP_MAC_update(context_.get(), bytes(text), text.size()) == 1 &&
                         EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) == 1;
    if (!is_made) std::abort();  // SHA-256 is missing from OpenSSL
    return digest;
  }

 private:
  static const unsigned char* bytes(std::string_view text) {
    // OpenSSL takes no key at all for "keep the former one", and an empty text may have no address.
    return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
  }

  struct Free {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  std::unique_ptr<EVP_MAC, Free> mac_;
  std::unique_ptr<EVP_MAC_CTX, Free> context_;
};

}  // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
  thread_local KeyedHash hash;
  const auto digest = hash.of(text, key);
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace motion_mcp::base
