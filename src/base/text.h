#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace motion_mcp::base {

// Code points in valid UTF-8. Counts lead bytes, so invalid input gives a number without meaning.
std::size_t count_code_points(std::string_view utf8);

// At most `limit` code points of `utf8`, with "…" in place of what was cut. Never splits a code
// point.
std::string clip(std::string_view utf8, std::size_t limit);

// The bytes of the well-formed UTF-8 sequence that starts at `at` (RFC 3629: no surrogates, no
// overlong forms); 0 when none does. `at` is within `bytes`.
std::size_t utf8_length_at(std::string_view bytes, std::size_t at);

// True when every byte sequence is well-formed UTF-8.
bool is_valid_utf8(std::string_view bytes);

// `bytes` with U+FFFD for each maximal part of an ill-formed sequence (Unicode chapter 3, "U+FFFD
// Substitution of Maximal Subparts"), which is how the WHATWG decoder does it.
std::string with_valid_utf8(std::string_view bytes);

// The member of `candidates` nearest to `word` by edit distance, or empty when none is near enough
// to be what was meant.
template <class Range>
std::string_view nearest(std::string_view word, const Range& candidates);

std::size_t edit_distance(std::string_view a, std::string_view b);

template <class Range>
std::string_view nearest(std::string_view word, const Range& candidates) {
  std::string_view best;
  std::size_t best_distance = word.size() / 2 + 1;
  for (const auto& candidate : candidates) {
    const std::string_view text(candidate);
    const std::size_t distance = edit_distance(word, text);
    if (distance < best_distance) {
      best_distance = distance;
      best = text;
    }
  }
  return best;
}

// True when there is nothing but the white space of Unicode, the zero width space and the byte
// order mark, which look as empty.
bool is_blank(std::string_view text);

// The ASCII letters in lower case, the rest as it is.
std::string to_lower_ascii(std::string_view text);

}  // namespace motion_mcp::base
