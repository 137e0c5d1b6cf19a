#pragma once

#include <string_view>

#include "jsonrpc/dom_builder.h"

namespace motion_mcp::jsonrpc {

// Reads one JSON text (RFC 8259; a byte order mark before it is skipped) and tells `builder` what
// is in it, in order, up to the end or to the first byte that cannot stand where it does: invalid
// UTF-8, lone surrogates, control characters and numbers beyond a double count as such bytes.
// Integers that fit no 64 bits become doubles. Does not recurse, whatever the nesting.
void read_json(std::string_view text, DomBuilder& builder);

}  // namespace motion_mcp::jsonrpc
