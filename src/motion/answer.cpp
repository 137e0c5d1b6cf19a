#include "motion/answer.h"

namespace motion_mcp::motion {

std::optional<Json> parse_answer(const std::string& body) {
  constexpr int kMaxDepth = 64;
  bool is_too_deep = false;
  const auto keep = [&](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
    is_too_deep = is_too_deep || depth > kMaxDepth;
    return !is_too_deep;
  };
  Json value = Json::parse(body, keep, false);
  if (is_too_deep || value.is_discarded()) return std::nullopt;
  return value;
}

const Json* member(const Json& value, const char* key) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(key);
  return found == value.end() ? nullptr : &*found;
}

std::string_view text_at(const Json& value, const char* key) {
  const Json* found = member(value, key);
  if (found == nullptr || !found->is_string()) return {};
  return found->get_ref<const std::string&>();
}

std::optional<std::string> number_at(const Json& value, const char* key) {
  const Json* found = member(value, key);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->dump();
}

}  // namespace motion_mcp::motion
