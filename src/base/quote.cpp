#include "base/quote.h"

#include <algorithm>
#include <cstdint>

#include "base/redact.h"
#include "base/text.h"

namespace motion_mcp::base {
namespace {

bool has_html(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    const bool is_letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (is_letter || next == '/' || next == '!') return true;
  }
  return false;
}

// Drops the first code point of `utf8` and returns it.
char32_t take_code_point(std::string_view& utf8) {
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
  const std::size_t end = std::min(length, utf8.size());
  for (std::size_t i = 1; i < end; ++i) {
    point = (point << 6U) | (static_cast<unsigned char>(utf8[i]) & 0x3FU);
  }
  utf8.remove_prefix(end);
  return point;
}

bool is_space(char32_t point) {
  return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 || point == 0x2028 ||
         point == 0x2029;
}

// What a reader cannot see but a terminal or a model takes in: C0, C1, direction marks, tags.
bool is_unseen(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x200E || point == 0x200F ||
         (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
         (point >= 0xE0000 && point <= 0xE007F);
}

std::string joined(std::string_view utf8) {
  std::string line;
  bool space_due = false;
  while (!utf8.empty()) {
    const std::string_view rest = utf8;
    const char32_t point = take_code_point(utf8);
    if (is_space(point)) {
      space_due = !line.empty();
      continue;
    }
    if (is_unseen(point)) continue;
    if (space_due) line += ' ';
    space_due = false;
    if (point == '"') {
      line += '\'';
    } else {
      line += rest.substr(0, rest.size() - utf8.size());
    }
  }
  return line;
}

}  // namespace

std::string quote(std::string_view utf8, std::size_t limit) {
  // Redacting costs time with the length, which a stranger chose.
  const std::string bounded = clip(utf8, 4 * limit);
  if (has_html(bounded)) return {};
  const std::string line = clip(joined(redact(bounded)), limit);
  return line.empty() ? line : '"' + line + '"';
}

std::string one_line(std::string_view utf8, std::size_t limit) {
  return clip(joined(clip(utf8, 4 * limit)), limit);
}

}  // namespace motion_mcp::base
