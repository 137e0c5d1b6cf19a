#include "base/text.h"

#include <array>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace motion_mcp::base {
namespace {

bool is_lead(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

struct Sequence {
  std::size_t bytes = 1;  // of the well-formed sequence, or as far as it could have become one
  bool is_whole = false;
};

// Unicode table 3-7. `at` is within `bytes`.
Sequence sequence_at(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {1, true};
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {};
  }
  for (std::size_t k = 1; k < length; ++k) {
    if (at + k == bytes.size() || byte(at + k) < low || byte(at + k) > high) return {k, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

}  // namespace

std::size_t count_code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), is_lead));
}

std::string clip(std::string_view utf8, std::size_t limit) {
  std::size_t points = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (!is_lead(utf8[i])) continue;
    if (points == limit) return std::string(utf8.substr(0, i)) + "…";
    ++points;
  }
  return std::string(utf8);
}

std::size_t utf8_length_at(std::string_view bytes, std::size_t at) {
  const Sequence sequence = sequence_at(bytes, at);
  return sequence.is_whole ? sequence.bytes : 0;
}

bool is_valid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length_at(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string with_valid_utf8(std::string_view bytes) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Sequence sequence = sequence_at(bytes, at);
    text += sequence.is_whole ? bytes.substr(at, sequence.bytes) : kReplacement;
    at += sequence.bytes;
  }
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Words longer than this are not typing errors of ours, and the cost is quadratic.
  constexpr std::size_t kMaxBytes = 64;
  if (a.size() > kMaxBytes || b.size() > kMaxBytes) return std::max(a.size(), b.size());
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

bool is_blank(std::string_view text) {
  constexpr std::array<std::string_view, 27> kSpaces = {
      " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00A0", "\u1680",
      "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
      "\u2009", "\u200A", "\u200B", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF"};
  while (!text.empty()) {
    const auto* const space = std::find_if(kSpaces.begin(), kSpaces.end(),
                                           [&](std::string_view s) { return text.starts_with(s); });
    if (space == kSpaces.end()) return false;
    text.remove_prefix(space->size());
  }
  return true;
}

std::string to_lower_ascii(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

}  // namespace motion_mcp::base
