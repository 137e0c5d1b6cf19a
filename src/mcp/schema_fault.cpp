#include "mcp/schema_fault.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "base/json_value.h"
#include "base/text.h"
#include "jsonrpc/message.h"

namespace motion_mcp::mcp {
namespace {

constexpr std::size_t kMaxQuotedCharacters = 60;

using Clauses = std::vector<std::string>;

const Json* member(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "boolean") return value.is_boolean();
  if (type == "number") return value.is_number();
  if (type == "null") return value.is_null();
  if (type == "integer") {
    if (!value.is_number_float()) return value.is_number_integer();
    const auto number = value.get<double>();
    return number == std::trunc(number);
  }
  return true;
}

std::string_view type_of(const Json& schema) {
  const Json* type = member(schema, "type");
  return type != nullptr && type->is_string() ? type->get_ref<const std::string&>()
                                              : std::string_view();
}

std::string with_article(std::string_view type) {
  const bool vowel = type == "object" || type == "array" || type == "integer";
  return (vowel ? "an " : "a ") + std::string(type);
}

// The alternative of an anyOf that has the value's type, or the schema itself when it has no anyOf
// or no such alternative.
const Json& alternative_for(const Json& schema, const Json& value) {
  const Json* any_of = member(schema, "anyOf");
  if (any_of == nullptr || !any_of->is_array()) return schema;
  for (const Json& alternative : *any_of) {
    if (has_type(value, type_of(alternative))) return alternative;
  }
  return schema;
}

std::string spell(const SchemaPath& path) {
  if (path.empty()) return "the arguments";
  std::string text;
  for (const std::string& step : path) {
    const bool is_index =
        !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
    if (is_index) {
      text += "[" + step + "]";
    } else {
      text += (text.empty() ? "" : ".") + base::clip(step, kMaxQuotedCharacters);
    }
  }
  return text;
}

std::string quote(const Json& value) {
  return base::clip(jsonrpc::print(value), kMaxQuotedCharacters);
}

std::string list_values(const Json& values) {
  std::string text;
  for (const Json& value : values) text += (text.empty() ? "" : ", ") + jsonrpc::print(value);
  return text;
}

std::string list_types(const Json& any_of) {
  std::string text;
  for (const Json& alternative : any_of) {
    text += (text.empty() ? "" : " or ") + with_article(type_of(alternative));
  }
  return text;
}

void check_type(const Json& schema, const Json& value, const std::string& name, Clauses& out) {
  const std::string_view type = type_of(schema);
  if (!type.empty() && !has_type(value, type)) {
    out.push_back(name + " must be " + with_article(type) + ", not " + quote(value));
  } else if (const Json* any_of = member(schema, "anyOf"); any_of != nullptr) {
    out.push_back(name + " must be " + list_types(*any_of) + ", not " + quote(value));
  }
}

void check_enum(const Json& schema, const Json& value, const std::string& name, Clauses& out) {
  const Json* allowed = member(schema, "enum");
  if (allowed == nullptr) return;
  if (std::find(allowed->begin(), allowed->end(), value) != allowed->end()) return;
  out.push_back(name + " must be one of " + list_values(*allowed) + ", not " + quote(value));
}

// One bound of a measured size: `minLength` and its like.
struct Bound {
  const char* keyword;
  bool is_minimum;
};

void check_size(const Json& schema, std::size_t size, const Bound& bound, std::string_view unit,
                const std::string& name, Clauses& out) {
  const Json* limit = member(schema, bound.keyword);
  if (limit == nullptr || !limit->is_number_integer()) return;
  const auto wanted = limit->get<std::size_t>();
  if (bound.is_minimum ? size >= wanted : size <= wanted) return;
  out.push_back(name + " must have " + (bound.is_minimum ? "at least " : "at most ") +
                std::to_string(wanted) + " " + std::string(unit) + ", not " + std::to_string(size));
}

void check_number(const Json& schema, const Json& value, const std::string& name, Clauses& out) {
  const double number = value.get<double>();
  if (const Json* limit = member(schema, "minimum"); limit && number < limit->get<double>()) {
    out.push_back(name + " must be at least " + limit->dump() + ", not " + quote(value));
  }
  if (const Json* limit = member(schema, "maximum"); limit && number > limit->get<double>()) {
    out.push_back(name + " must be at most " + limit->dump() + ", not " + quote(value));
  }
}

std::string spell_member(const SchemaPath& path, std::string_view name) {
  SchemaPath inner = path;
  inner.emplace_back(name);
  return spell(inner);
}

void check_members(const Json& schema, const Json& value, const SchemaPath& path, Clauses& out) {
  if (const Json* required = member(schema, "required"); required != nullptr) {
    for (const Json& name : *required) {
      const auto& text = name.get_ref<const std::string&>();
      if (!value.contains(text)) out.push_back(spell_member(path, text) + " is missing");
    }
  }
  const Json* additional = member(schema, "additionalProperties");
  if (additional == nullptr || *additional != false) return;
  const Json* properties = member(schema, "properties");
  std::vector<std::string_view> known;
  if (properties != nullptr) {
    for (const auto& item : properties->items()) known.emplace_back(item.key());
  }
  for (const auto& item : value.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    std::string clause = spell_member(path, item.key()) + " is not an argument";
    if (const std::string_view meant = base::nearest(item.key(), known); !meant.empty()) {
      clause += " (did you mean " + std::string(meant) + "?)";
    }
    out.push_back(std::move(clause));
    if (out.size() > 8) return;  // the caller shows fewer; a stranger chooses how many there are
  }
}

// The subschema and the value at a path.
struct Place {
  const Json* schema;
  const Json* value;
};

std::optional<Place> find_place(const Json& schema, const Json& value, const SchemaPath& path) {
  Place place{&schema, &value};
  for (const std::string& step : path) {
    const Json& around = alternative_for(*place.schema, *place.value);
    if (place.value->is_array()) {
      std::size_t index = 0;
      std::from_chars(step.data(), step.data() + step.size(), index);
      const Json* items = member(around, "items");
      if (items == nullptr || index >= place.value->size()) return std::nullopt;
      place = {items, &(*place.value)[index]};
    } else {
      const Json* properties = member(around, "properties");
      const Json* inner_schema = properties != nullptr ? member(*properties, step) : nullptr;
      const Json* inner_value = place.value->is_object() ? member(*place.value, step) : nullptr;
      if (inner_schema == nullptr || inner_value == nullptr) return std::nullopt;
      place = {inner_schema, inner_value};
    }
  }
  return place;
}

}  // namespace

std::vector<std::string> describe_faults(const Json& schema, const Json& value,
                                         const SchemaPath& path) {
  Clauses out;
  const auto place = find_place(schema, value, path);
  if (!place) return out;
  const Json& here = *place->value;
  const Json& rules = alternative_for(*place->schema, here);
  const std::string name = spell(path);

  check_type(rules, here, name, out);
  if (!out.empty()) return out;
  check_enum(rules, here, name, out);
  if (here.is_string()) {
    const std::size_t length = base::count_code_points(here.get_ref<const std::string&>());
    check_size(rules, length, {"minLength", true}, "characters", name, out);
    check_size(rules, length, {"maxLength", false}, "characters", name, out);
  } else if (here.is_array()) {
    check_size(rules, here.size(), {"minItems", true}, "items", name, out);
    check_size(rules, here.size(), {"maxItems", false}, "items", name, out);
  } else if (here.is_number()) {
    check_number(rules, here, name, out);
  } else if (here.is_object()) {
    check_members(rules, here, path, out);
  }
  return out;
}

}  // namespace motion_mcp::mcp
