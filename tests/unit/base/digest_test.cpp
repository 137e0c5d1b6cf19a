// Tries to get another digest for the same bytes by cutting them into pieces.
#include "base/digest.h"

#include <doctest/doctest.h>

using namespace motion_mcp;

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  CHECK(base::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(base::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("bytes in pieces have the digest of the whole") {
  const std::string bytes(1000, 'x');
  for (const std::size_t piece : {1U, 7U, 64U, 999U, 1000U}) {
    base::Sha256 digest;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      digest.add(std::string_view(bytes).substr(at, piece));
    }
    CHECK(digest.hex() == base::sha256_hex(bytes));
  }
}
