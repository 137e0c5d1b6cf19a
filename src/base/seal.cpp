#include "base/seal.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/base64.h"
#include "base/random.h"

namespace motion_mcp::base {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kHeaderBytes = 1 + kKidBytes + kSaltBytes;

// OpenSSL without HKDF, SHA-256 or AES-GCM, or without memory: nothing here can go on.
void require(bool done) {
  if (!done) std::abort();
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

int length_of(std::string_view text) {
  require(text.size() <= std::size_t{1} << 30U);
  return static_cast<int>(text.size());
}

void derive(std::span<const unsigned char> secret, std::string_view salt, std::string info,
            std::span<unsigned char> out) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free);
  require(kdf != nullptr);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      EVP_KDF_CTX_new(kdf.get()), &EVP_KDF_CTX_free);
  require(context != nullptr);
  std::string digest = "SHA256";
  std::string salt_copy(salt);
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
                                        const_cast<unsigned char*>(secret.data()), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_copy.data(), salt_copy.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  require(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) == 1);
}

// The AES key and nonce of one token, wiped when it is done.
class TokenKey {
 public:
  TokenKey(const SealKeys::Key& key, std::string_view salt, SealPurpose purpose) {
    derive(key.secret, salt, "motion-mcp/v1/" + std::string(to_string(purpose)), material_);
  }
  ~TokenKey() { OPENSSL_cleanse(material_.data(), material_.size()); }
  TokenKey(const TokenKey&) = delete;
  TokenKey& operator=(const TokenKey&) = delete;

  [[nodiscard]] const unsigned char* key() const { return material_.data(); }
  [[nodiscard]] const unsigned char* nonce() const { return material_.data() + kSealKeyBytes; }

 private:
  std::array<unsigned char, kSealKeyBytes + kNonceBytes> material_{};
};

// The purpose ends with a zero byte, so that no purpose and audience read like another pair.
std::string additional_data(std::string_view kid, SealPurpose purpose, std::string_view audience) {
  std::string data(1, kVersion);
  data += kid;
  data += to_string(purpose);
  data += '\0';
  data += audience;
  return data;
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher new_cipher() {
  Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  require(cipher != nullptr);
  return cipher;
}

std::string encrypt(const TokenKey& key, std::string_view aad, std::string_view plaintext) {
  const Cipher cipher = new_cipher();
  int count = 0;
  std::string sealed(plaintext.size() + kTagBytes, '\0');
  require(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.key(), key.nonce()) ==
              1 &&
          EVP_EncryptUpdate(cipher.get(), nullptr, &count, bytes_of(aad), length_of(aad)) == 1 &&
          EVP_EncryptUpdate(cipher.get(), bytes_of(sealed), &count, bytes_of(plaintext),
                            length_of(plaintext)) == 1 &&
          EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed) + plaintext.size(), &count) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                              bytes_of(sealed) + plaintext.size()) == 1);
  return sealed;
}

std::optional<std::string> decrypt(const TokenKey& key, std::string_view aad,
                                   std::string_view sealed) {
  const Cipher cipher = new_cipher();
  const std::string_view ciphertext = sealed.substr(0, sealed.size() - kTagBytes);
  std::string tag(sealed.substr(ciphertext.size()));
  std::string plaintext(ciphertext.size() + 1, '\0');  // never without a place to write to
  int count = 0;
  require(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.key(), key.nonce()) ==
              1 &&
          EVP_DecryptUpdate(cipher.get(), nullptr, &count, bytes_of(aad), length_of(aad)) == 1 &&
          EVP_DecryptUpdate(cipher.get(), bytes_of(plaintext), &count, bytes_of(ciphertext),
                            length_of(ciphertext)) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  // Compares the tags in constant time.
  if (EVP_DecryptFinal_ex(cipher.get(), bytes_of(plaintext) + ciphertext.size(), &count) != 1) {
    return std::nullopt;
  }
  plaintext.resize(ciphertext.size());
  return plaintext;
}

}  // namespace

std::string_view to_string(SealPurpose purpose) {
  switch (purpose) {
    case SealPurpose::access:
      return "access";
    case SealPurpose::refresh:
      return "refresh";
    case SealPurpose::code:
      return "code";
    case SealPurpose::client:
      return "client";
    case SealPurpose::task:
      return "task";
    case SealPurpose::state:
      return "state";
    case SealPurpose::confirm:
      return "confirm";
    case SealPurpose::session:
      return "session";
    case SealPurpose::consent:
      return "consent";
  }
  std::abort();
}

Result<SealKeys> SealKeys::make(const std::vector<std::string>& keys) {
  if (keys.empty()) return Error{ErrorKind::invalid_argument, "there is no seal key"};
  std::vector<Key> made;
  for (const std::string& text : keys) {
    if (text.size() != kSealKeyBytes) {
      return Error{ErrorKind::invalid_argument, "a seal key is not 32 bytes long"};
    }
    Key key;
    std::copy(text.begin(), text.end(), key.secret.begin());
    std::array<unsigned char, kKidBytes> kid{};
    derive(key.secret, {}, "motion-mcp/v1/kid", kid);
    std::copy(kid.begin(), kid.end(), key.kid.begin());
    for (const Key& other : made) {
      if (other.kid == key.kid) {
        return Error{ErrorKind::invalid_argument, "a seal key is there twice"};
      }
    }
    made.push_back(key);
  }
  return SealKeys(std::move(made));
}

const SealKeys::Key* SealKeys::find(std::string_view kid) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) {
    return std::string_view(key.kid.data(), key.kid.size()) == kid;
  });
  return found == keys_.end() ? nullptr : &*found;
}

std::string seal(const SealKeys& keys, SealPurpose purpose, std::string_view audience,
                 std::string_view plaintext) {
  const SealKeys::Key& key = keys.newest();
  const std::string_view kid(key.kid.data(), key.kid.size());
  const std::string salt = random_bytes(kSaltBytes);

  std::string token(1, kVersion);
  token += kid;
  token += salt;
  token +=
      encrypt(TokenKey(key, salt, purpose), additional_data(kid, purpose, audience), plaintext);
  return encode_base64url(token);
}

Result<std::string> open_sealed(const SealKeys& keys, SealPurpose purpose,
                                std::string_view audience, std::string_view token) {
  const Error not_ours{ErrorKind::invalid_argument,
                       "the token is not one that this server gave out for this use"};
  const auto decoded = decode_base64url(token);
  if (!decoded || decoded->size() < kHeaderBytes + kTagBytes || decoded->front() != kVersion) {
    return not_ours;
  }
  const std::string_view bytes = *decoded;
  const std::string_view kid = bytes.substr(1, kKidBytes);
  const std::string_view salt = bytes.substr(1 + kKidBytes, kSaltBytes);
  const SealKeys::Key* key = keys.find(kid);
  if (key == nullptr) {
    return Error{ErrorKind::invalid_argument,
                 "the token was sealed with a key that this server does not have"};
  }
  auto plaintext = decrypt(TokenKey(*key, salt, purpose), additional_data(kid, purpose, audience),
                           bytes.substr(kHeaderBytes));
  if (!plaintext) return not_ours;
  return *std::move(plaintext);
}

}  // namespace motion_mcp::base
