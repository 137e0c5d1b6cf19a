#pragma once

// What tools, resources and prompts are registered with: their entries in the lists, as JSON text.

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "jsonrpc/message.h"

namespace motion_mcp::mcp {

// Aborts, with a word in the log, unless it is an object with these members: a defect in one is a
// programming error.
Json parse_definition(std::string_view text, std::initializer_list<const char*> members);

// The JSON array of the items' definitions, on one line.
template <class Items>
std::string list_definitions(const Items& items) {
  std::string listing = "[";
  for (const auto& item : items) {
    if (listing.size() > 1) listing += ',';
    listing += jsonrpc::compact(item.definition);
  }
  return listing + "]";
}

}  // namespace motion_mcp::mcp
