#include "base/base64.h"

#include <cstdint>
#include <utility>

namespace motion_mcp::base {
namespace {

// The 62nd and the 63rd digit, in which the alphabets differ.
struct Alphabet {
  char digit_62;
  char digit_63;
};
constexpr Alphabet kStandard = {'+', '/'};
constexpr Alphabet kUrl = {'-', '_'};

int value_of(char c, Alphabet alphabet) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == alphabet.digit_62) return 62;
  return c == alphabet.digit_63 ? 63 : -1;
}

std::optional<std::string> decode(std::string_view digits, Alphabet alphabet) {
  if (digits.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : digits) {
    const int value = value_of(c, alphabet);
    if (value < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  const std::uint32_t left_over = bits & ((1U << static_cast<unsigned>(count)) - 1U);
  return left_over == 0 ? std::optional(std::move(bytes)) : std::nullopt;
}

std::string encode(std::string_view bytes, Alphabet alphabet) {
  constexpr std::string_view kCommonDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const auto digit = [&](std::uint32_t value) {
    if (value < kCommonDigits.size()) return kCommonDigits[value];
    return value == 62 ? alphabet.digit_62 : alphabet.digit_63;
  };
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3 + 2);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += digit((bits >> count) & 0x3FU);
    }
  }
  if (count > 0) text += digit((bits << (6 - count)) & 0x3FU);
  return text;
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text = encode(bytes, kStandard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  return decode(text, kStandard);
}

std::optional<std::string> decode_base64url(std::string_view text) {
  return decode(text, kUrl);
}

std::string encode_base64url(std::string_view bytes) {
  return encode(bytes, kUrl);
}

}  // namespace motion_mcp::base
