// Tries to open what was not sealed for this use: altered, cut, another purpose, another audience,
// a key that is gone. The vectors were made by other code (Python's hmac and cryptography).
#include "base/seal.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

#include "base/base64.h"

using namespace motion_mcp;
using namespace motion_mcp::base;

namespace {

constexpr std::string_view kTaskToken =
    "ATWDLQoJkSH6QEFCQ0RFRkdISUpLTE1OT9m9Sbl4mBVUhs0MUQ_OTO4Gsub82eSA86nrVVOfrNVSbCVFgQSrwwuen5Yclp"
    "8JlCWmvhY";
constexpr std::string_view kEmptyToken = "ATWDLQoJkSH6QEFCQ0RFRkdISUpLTE1OTwxVER3IFQWBcEP47eP5mik";

std::string key_of(char first) {
  std::string key;
  for (int i = 0; i < 32; ++i) key += static_cast<char>(first + i);
  return key;
}

SealKeys keys_of(std::vector<std::string> keys) {
  auto made = SealKeys::make(std::move(keys));
  REQUIRE(made);
  return *made;
}

}  // namespace

TEST_CASE("tokens that other code sealed are opened") {
  const SealKeys keys = keys_of({key_of(0)});
  const auto task = open_sealed(keys, SealPurpose::task, "owner-1", kTaskToken);
  REQUIRE(task);
  CHECK(*task == "405d47cf-f72b-4852-b570-0de2446dbba1");
  const auto empty = open_sealed(keys, SealPurpose::session, "", kEmptyToken);
  REQUIRE(empty);
  CHECK(empty->empty());
}

TEST_CASE("what is sealed opens to the same bytes, whatever they are") {
  const SealKeys keys = keys_of({key_of(7)});
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("\0\xFF", 2), std::string(100'000, 'x')}) {
    const auto opened = open_sealed(keys, SealPurpose::access, "https://a.example",
                                    seal(keys, SealPurpose::access, "https://a.example", text));
    REQUIRE(opened);
    CHECK(*opened == text);
  }
}

TEST_CASE("no two tokens are the same, and none shows what is in it") {
  const SealKeys keys = keys_of({key_of(0)});
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) {
    const std::string token = seal(keys, SealPurpose::task, "a", "motion_canary_key");
    CHECK(decode_base64url(token)->find("canary") == std::string::npos);
    CHECK(tokens.insert(token).second);
  }
}

TEST_CASE("a token with any bit changed does not open") {
  const SealKeys keys = keys_of({key_of(0)});
  const std::string bytes = *decode_base64url(kTaskToken);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ static_cast<char>(1U << bit));
      const auto opened =
          open_sealed(keys, SealPurpose::task, "owner-1", encode_base64url(altered));
      REQUIRE_FALSE(opened);
      CHECK(opened.error().kind == ErrorKind::invalid_argument);
    }
  }
}

TEST_CASE("a token that is cut or goes on does not open") {
  const SealKeys keys = keys_of({key_of(0)});
  const std::string bytes = *decode_base64url(kTaskToken);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE_FALSE(
        open_sealed(keys, SealPurpose::task, "owner-1", encode_base64url(bytes.substr(0, size))));
  }
  CHECK_FALSE(open_sealed(keys, SealPurpose::task, "owner-1", encode_base64url(bytes + '\0')));
  for (const char* text : {"", "=", "not a token", "AAAA"}) {
    CHECK_FALSE(open_sealed(keys, SealPurpose::task, "owner-1", text));
  }
}

TEST_CASE("a token opens for its own purpose and audience only") {
  const SealKeys keys = keys_of({key_of(0)});
  constexpr std::array kPurposes = {SealPurpose::access,  SealPurpose::refresh, SealPurpose::code,
                                    SealPurpose::client,  SealPurpose::task,    SealPurpose::state,
                                    SealPurpose::confirm, SealPurpose::session};
  std::set<std::string_view> words;
  for (const SealPurpose sealed_for : kPurposes) {
    CHECK(words.insert(to_string(sealed_for)).second);
    const std::string token = seal(keys, sealed_for, "owner", "text");
    for (const SealPurpose opened_for : kPurposes) {
      CHECK(open_sealed(keys, opened_for, "owner", token).has_value() ==
            (sealed_for == opened_for));
    }
    for (const char* audience : {"", "owne", "owner ", "Owner"}) {
      CHECK_FALSE(open_sealed(keys, sealed_for, audience, token));
    }
  }
}

TEST_CASE("after a rotation old tokens open and new ones are sealed with the new key") {
  const SealKeys before = keys_of({key_of(1)});
  const SealKeys after = keys_of({key_of(2), key_of(1)});
  CHECK(open_sealed(after, SealPurpose::task, "o", seal(before, SealPurpose::task, "o", "old")));
  const std::string token = seal(after, SealPurpose::task, "o", "new");
  const auto opened = open_sealed(before, SealPurpose::task, "o", token);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message == "the token was sealed with a key that this server does not have");
}

TEST_CASE("keys of another length, none, or the same twice are refused") {
  CHECK_FALSE(SealKeys::make({}));
  CHECK_FALSE(SealKeys::make({std::string(31, 'k')}));
  CHECK_FALSE(SealKeys::make({key_of(0), ""}));
  CHECK_FALSE(SealKeys::make({key_of(0), key_of(1), key_of(0)}));
}
