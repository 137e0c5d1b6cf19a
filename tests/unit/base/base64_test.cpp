// Tries to have two texts stand for the same bytes, and to get bytes out of what is no base64.
#include "base/base64.h"

#include <doctest/doctest.h>

#include <array>
#include <utility>

using namespace motion_mcp::base;

TEST_CASE("the vectors of RFC 4648 section 10 hold, without padding in base64url") {
  struct Vector {
    const char* bytes;
    const char* standard;
    const char* url;
  };
  constexpr std::array<Vector, 7> kVectors = {{{"", "", ""},
                                               {"f", "Zg==", "Zg"},
                                               {"fo", "Zm8=", "Zm8"},
                                               {"foo", "Zm9v", "Zm9v"},
                                               {"foob", "Zm9vYg==", "Zm9vYg"},
                                               {"fooba", "Zm9vYmE=", "Zm9vYmE"},
                                               {"\xFB\xFF", "+/8=", "-_8"}}};
  for (const Vector& vector : kVectors) {
    CAPTURE(vector.standard);
    CHECK(decode_base64(vector.standard) == vector.bytes);
    CHECK(decode_base64url(vector.url) == vector.bytes);
    CHECK(encode_base64(vector.bytes) == vector.standard);
    CHECK(encode_base64url(vector.bytes) == vector.url);
  }
}

TEST_CASE("every byte survives") {
  std::string bytes;
  for (int value = 0; value < 256; ++value) bytes += static_cast<char>(value);
  for (std::size_t cut = 0; cut < 4; ++cut) {
    CHECK(decode_base64(encode_base64(bytes.substr(cut))) == bytes.substr(cut));
    CHECK(decode_base64url(encode_base64url(bytes.substr(cut))) == bytes.substr(cut));
  }
}

TEST_CASE("a text that is not the one form of its bytes is refused") {
  for (const char* text : {"Zg==", "Zh", "Z", "Zm9vY", "Zm9v\n", " Zm9v", "Zm+v", "Zm/v", "Zm8="}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64url(text));
  }
  for (const char* text : {"Zg", "Zh==", "Zg=", "Zg===", "Zm-v", "Zm_v", "Zm 9v"}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text));
  }
}
