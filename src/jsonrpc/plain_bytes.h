#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace motion_mcp::jsonrpc {

// Bytes that stand for themselves within a JSON string and need no look at their neighbours.
inline constexpr std::array<bool, 256> kPlainBytes = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

// Where the run of plain bytes that begins at `from` ends.
inline std::size_t end_of_plain_run(std::string_view text, std::size_t from) {
  const char* at = text.data() + from;
  const char* const end = text.data() + text.size();
  while (at != end && kPlainBytes[static_cast<unsigned char>(*at)]) ++at;
  return static_cast<std::size_t>(at - text.data());
}

}  // namespace motion_mcp::jsonrpc
