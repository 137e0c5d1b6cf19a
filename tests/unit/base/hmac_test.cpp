// Links and owner ids hang on this: the vectors of RFC 4231, which OpenSSL's own tests share.
#include "base/hmac.h"

#include <doctest/doctest.h>

#include <string>

using motion_mcp::base::hmac_sha256_hex;

TEST_CASE("HMAC-SHA256 is that of RFC 4231") {
  CHECK(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256_hex(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an empty key is a key, whatever was used before") {
  const std::string of_nothing = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  CHECK(hmac_sha256_hex("", "") == of_nothing);
  CHECK(hmac_sha256_hex("key", "") != of_nothing);
  CHECK(hmac_sha256_hex({}, {}) == of_nothing);
}
