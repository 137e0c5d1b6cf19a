#include "jsonrpc/dom_builder.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "jsonrpc/message.h"

namespace motion_mcp::jsonrpc {
namespace {

constexpr std::size_t kFewMembers = 4;

bool has_duplicate_names(const Json::object_t& object) {
  if (object.size() <= 2 * kFewMembers) {
    for (auto a = object.begin(); a != object.end(); ++a) {
      for (auto b = std::next(a); b != object.end(); ++b) {
        if (a->first == b->first) return true;
      }
    }
    return false;
  }
  std::vector<std::string_view> names;
  names.reserve(object.size());
  for (const auto& [name, value] : object) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

}  // namespace

void DomBuilder::value(Json scalar) {
  const bool is_top_level_id = depth_ == 1 && root_.is_object() && key_ == "id";
  if (is_top_level_id && (scalar.is_string() || scalar.is_number_integer())) {
    id_ = Id{print(scalar)};
  }
  if (fault_.empty()) add(std::move(scalar));
}

void DomBuilder::start_object() {
  open(Json::value_t::object);
}
void DomBuilder::start_array() {
  open(Json::value_t::array);
}

void DomBuilder::key(std::string name) {
  key_ = std::move(name);
}

void DomBuilder::end_object() {
  if (fault_.empty() && has_duplicate_names(path_.back()->get_ref<const Json::object_t&>())) {
    set_fault("an object has two members of the same name");
  }
  close();
}

void DomBuilder::end_array() {
  close();
}

void DomBuilder::syntax_fault(std::size_t position) {
  is_syntax_fault_ = fault_.empty();
  set_fault("not valid JSON at byte " + std::to_string(position));
}

void DomBuilder::open(Json::value_t container) {
  if (fault_.empty() && depth_ >= max_depth_) {
    set_fault("nested deeper than " + std::to_string(max_depth_));
  }
  ++depth_;
  if (fault_.empty()) path_.push_back(&add(Json(container)));
}

// The value where it now is.
Json& DomBuilder::add(Json value) {
  if (path_.empty()) return root_ = std::move(value);
  if (path_.back()->is_array()) {
    return path_.back()->get_ref<Json::array_t&>().emplace_back(std::move(value));
  }
  auto& members = path_.back()->get_ref<Json::object_t&>();
  // Growing copies the names, so the usual few members are grown for once.
  if (members.empty()) members.reserve(kFewMembers);
  return members.emplace_back(std::move(key_), std::move(value)).second;
}

void DomBuilder::close() {
  if (depth_ == path_.size()) path_.pop_back();
  --depth_;
}

void DomBuilder::set_fault(std::string text) {
  if (fault_.empty()) fault_ = std::move(text);
}

}  // namespace motion_mcp::jsonrpc
