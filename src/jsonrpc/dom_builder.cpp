#include "jsonrpc/dom_builder.h"

#include <algorithm>
#include <string_view>

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

bool DomBuilder::null() {
  return add(nullptr);
}
bool DomBuilder::boolean(bool value) {
  return add(value);
}
bool DomBuilder::number_integer(Json::number_integer_t value) {
  return add(value);
}
bool DomBuilder::number_unsigned(Json::number_unsigned_t value) {
  return add(value);
}
bool DomBuilder::number_float(Json::number_float_t value, const std::string&) {
  return add(value);
}
bool DomBuilder::string(std::string& value) {
  return add(std::move(value));
}
bool DomBuilder::binary(Json::binary_t&) {
  return false;
}  // never occurs in JSON text

bool DomBuilder::start_object(std::size_t) {
  return open(Json::object());
}
bool DomBuilder::start_array(std::size_t) {
  return open(Json::array());
}

bool DomBuilder::key(std::string& name) {
  key_ = std::move(name);
  return true;
}

bool DomBuilder::end_object() {
  if (fault_.empty() && has_duplicate_names(path_.back()->get_ref<const Json::object_t&>())) {
    set_fault("an object has two members of the same name");
  }
  close();
  return true;
}

bool DomBuilder::end_array() {
  close();
  return true;
}

bool DomBuilder::parse_error(std::size_t position, const std::string&,
                             const nlohmann::detail::exception&) {
  is_syntax_fault_ = fault_.empty();
  set_fault("not valid JSON at byte " + std::to_string(position));
  return false;
}

bool DomBuilder::add(Json value) {
  const bool is_top_level_id = depth_ == 1 && root_.is_object() && key_ == "id";
  if (is_top_level_id && (value.is_string() || value.is_number_integer())) {
    id_ = Id{print(value)};
  }
  if (!fault_.empty()) return true;
  if (path_.empty()) {
    root_ = std::move(value);
  } else if (path_.back()->is_object()) {
    auto& members = path_.back()->get_ref<Json::object_t&>();
    // Growing copies the names, so the usual few members are grown for once.
    if (members.empty()) members.reserve(kFewMembers);
    members.emplace_back(std::move(key_), std::move(value));
    key_.clear();
  } else {
    path_.back()->get_ref<Json::array_t&>().push_back(std::move(value));
  }
  return true;
}

bool DomBuilder::open(Json container) {
  if (depth_ >= max_depth_) set_fault("nested deeper than " + std::to_string(max_depth_));
  Json* opened = &root_;
  if (!path_.empty() && fault_.empty()) {
    Json& parent = *path_.back();
    add(std::move(container));
    opened = parent.is_object() ? &parent.get_ref<Json::object_t&>().back().second
                                : &parent.get_ref<Json::array_t&>().back();
  } else if (depth_ == 0) {
    root_ = std::move(container);
  }
  ++depth_;
  if (fault_.empty()) path_.push_back(opened);
  return true;
}

void DomBuilder::close() {
  if (depth_ == path_.size()) path_.pop_back();
  --depth_;
}

void DomBuilder::set_fault(std::string text) {
  if (fault_.empty()) fault_ = std::move(text);
}

}  // namespace motion_mcp::jsonrpc
