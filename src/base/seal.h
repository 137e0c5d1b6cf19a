#pragma once

// Sealed tokens: what this server hands out and wants back unread and unaltered (tasks, sessions,
// access tokens), so that nothing needs to be stored and any replica with the same keys opens them.
//
//   token      = base64url(version 1 | kid | salt | ciphertext | tag)
//   key, nonce = HKDF-SHA256(seal key, salt, "motion-mcp/v1/" + purpose)        (RFC 5869)
//   ciphertext = AES-256-GCM, with version, kid, purpose and audience as additional data
//
// The salt is 16 random bytes, so key and nonce are used once. The seal key is chosen by its kid,
// 8 bytes derived from it, never by trial.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace motion_mcp::base {

// A token of one purpose is never taken for one of another.
enum class SealPurpose { access, refresh, code, client, task, state, confirm, session, consent };

std::string_view to_string(SealPurpose purpose);

inline constexpr std::size_t kSealKeyBytes = 32;
inline constexpr std::size_t kKidBytes = 8;

// The keys of a deployment: the first one seals, all of them open, so that a key is rotated by
// putting a new one before it. Immutable, thread-safe.
class SealKeys {
 public:
  // `keys`, newest first, are kSealKeyBytes long each. invalid_argument when there is none, one has
  // another length, or two are the same.
  static Result<SealKeys> make(const std::vector<std::string>& keys);

  struct Key {
    std::array<unsigned char, kSealKeyBytes> secret{};
    std::array<char, kKidBytes> kid{};
  };
  [[nodiscard]] const Key& newest() const { return keys_.front(); }
  // nullptr when no key has this kid.
  [[nodiscard]] const Key* find(std::string_view kid) const;

 private:
  explicit SealKeys(std::vector<Key> keys) : keys_(std::move(keys)) {}

  std::vector<Key> keys_;  // not empty
};

// `audience` says for whom the token is (a resource, an owner id); open_sealed must name the same.
std::string seal(const SealKeys& keys, SealPurpose purpose, std::string_view audience,
                 std::string_view plaintext);

// What was sealed. invalid_argument when `token` was not sealed by one of `keys` for this purpose
// and audience, or is not byte for byte what was handed out; the message says no more about it than
// whether the key is unknown. Expiry is the caller's business.
Result<std::string> open_sealed(const SealKeys& keys, SealPurpose purpose,
                                std::string_view audience, std::string_view token);

}  // namespace motion_mcp::base
