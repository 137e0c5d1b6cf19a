#include "net/json_answer.h"

#include <algorithm>

namespace motion_mcp::net {
namespace {

// A header of a stranger, reduced to what a media type is made of.
std::string media_type_of(const HttpResponse& response) {
  constexpr std::size_t kMaxBytes = 60;
  const std::string_view value = find_header(response.headers, "content-type").value_or("");
  std::string type;
  for (const char c : value.substr(0, std::min(value.find(';'), kMaxBytes))) {
    const bool is_alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_alphanumeric || c == '/' || c == '+' || c == '-' || c == '.') type += c;
  }
  return type.empty() ? "no content type" : type;
}

}  // namespace

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

std::string describe_answer(const HttpResponse& response, bool is_json, std::string_view words) {
  std::string text = std::to_string(response.status);
  if (response.body.empty()) return text + ", no body";
  if (!is_json) {
    const std::string type = media_type_of(response);
    if (type == "application/json") return text + ", JSON that cannot be read";
    return text + ", " + type + " instead of JSON";
  }
  return words.empty() ? text : text + ": " + std::string(words);
}

}  // namespace motion_mcp::net
