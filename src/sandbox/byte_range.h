#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

namespace motion_mcp::sandbox {

struct ByteRange {
  std::size_t first = 0;
  std::size_t length = 0;  // never 0
};

struct Unsatisfiable {};

// What a Range header asks of `size` bytes (RFC 9110 section 14.2). The whole, as monostate, for
// anything but one well-formed range of bytes: a server may ignore the header, and the vendor's
// file host ignores lists.
using RangeChoice = std::variant<std::monostate, ByteRange, Unsatisfiable>;
RangeChoice choose_range(std::string_view header, std::size_t size);

}  // namespace motion_mcp::sandbox
