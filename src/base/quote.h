#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace motion_mcp::base {

inline constexpr std::size_t kMaxQuoteCodePoints = 500;

// A third party's words made fit to show an agent: in double quotes (those within become single),
// on one line, without control, direction or tag characters, secrets hidden, at most `limit` code
// points. Empty when nothing is left, and for anything with HTML in it. `utf8` must be valid.
std::string quote(std::string_view utf8, std::size_t limit = kMaxQuoteCodePoints);

// An agent's words made fit to show a person: the same without the quotes, but with HTML as it
// stands and nothing hidden.
std::string one_line(std::string_view utf8, std::size_t limit);

}  // namespace motion_mcp::base
