#pragma once

// Our reader of JSON beside nlohmann's.

#include <string>

#include "base/json_value.h"
#include "jsonrpc/json_reader.h"
#include "jsonrpc/message.h"

namespace motion_mcp::test {

// Whether both are the same JSON, of the same types down to the sign of a zero.
inline bool is_same_json(const Json& a, const Json& b) {
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (!a.is_structured()) return a.dump() == b.dump();
  auto other = b.begin();
  for (auto item = a.begin(); item != a.end(); ++item, ++other) {
    if (a.is_object() && item.key() != other.key()) return false;
    if (!is_same_json(*item, *other)) return false;
  }
  return true;
}

// Empty when our reader and nlohmann's agree on `text`. What only ours refuses (depth, two members
// of one name) is no difference.
inline std::string reader_difference(const std::string& text) {
  jsonrpc::DomBuilder builder(jsonrpc::kMaxDepth);
  jsonrpc::read_json(text, builder);
  if (!builder.fault().empty() && !builder.is_syntax_fault()) return {};
  const Json theirs = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool is_refused = builder.is_syntax_fault();
  if (is_refused != theirs.is_discarded()) return is_refused ? "only we refuse" : "only we accept";
  if (!is_refused && !is_same_json(builder.take(), theirs)) return "the values differ";
  return {};
}

}  // namespace motion_mcp::test
