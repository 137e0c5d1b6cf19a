#include "app/call_arguments.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "jsonrpc/message.h"

namespace motion_mcp::app {
namespace {

Error bad_argument(const ToolArgument& argument, const std::string& why) {
  return Error{ErrorKind::invalid_argument, "--" + argument.name + " " + why};
}

// As the shell does it: a text file ends in a line break that is no part of the text.
std::string without_line_end(std::string text) {
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text;
}

Result<std::string> text_of(const ToolArgument& argument, const ReadFile& read_file) {
  const std::string& text = argument.text;
  if (text.starts_with("@@")) return text.substr(1);
  const bool is_file = text.starts_with("@") && text.size() > 1;
  if (!is_file && text != "-") return text;
  auto content = read_file(is_file ? text.substr(1) : text);
  if (content) return without_line_end(*std::move(content));
  std::string why = "could not be read: " + content.error().message;
  if (is_file) why += "; for a text that begins with @ write @@";
  return bad_argument(argument, why);
}

// The JSON types that `schema` lets through, at its top.
std::set<std::string> types_of(const Json& schema) {
  std::set<std::string> types;
  const auto type = schema.find("type");
  if (type != schema.end() && type->is_string()) types.insert(type->get<std::string>());
  if (const auto any_of = schema.find("anyOf"); any_of != schema.end() && any_of->is_array()) {
    for (const Json& choice : *any_of) types.merge(types_of(choice));
  }
  return types;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

Result<Json> number_of(const ToolArgument& argument, std::string_view text) {
  if (const auto integer = parse_number<std::int64_t>(text)) return Json(*integer);
  const auto real = parse_number<double>(text);
  if (real && std::isfinite(*real)) return Json(*real);
  return bad_argument(argument, "takes a number");
}

Result<Json> value_of(const ToolArgument& argument, const Json& schema, std::string text) {
  const std::set<std::string> types = types_of(schema);
  if (types.contains("string")) {
    if (types.contains("object")) {
      auto value = jsonrpc::parse_json(text);
      if (value && value->is_object()) return *std::move(value);
    }
    return Json(std::move(text));
  }
  if (types.contains("boolean")) {
    if (text == "true" || text == "false") return Json(text == "true");
    return bad_argument(argument, "takes true or false");
  }
  if (types.contains("integer") || types.contains("number")) return number_of(argument, text);
  auto value = jsonrpc::parse_json(text);
  if (value) return *std::move(value);
  return bad_argument(argument, "takes JSON, or @FILE with JSON in it");
}

}  // namespace

Result<Json> typed_arguments(const Json& input_schema, const std::vector<ToolArgument>& given,
                             const ReadFile& read_file) {
  Json arguments = Json::object();
  const Json properties = input_schema.value("properties", Json::object());
  for (const ToolArgument& argument : given) {
    std::string text = TRY(text_of(argument, read_file));
    if (!base::is_valid_utf8(text)) return bad_argument(argument, "is not UTF-8 text");
    const Json schema = properties.value(argument.name, Json::object());
    arguments[argument.name] = TRY(value_of(argument, schema, std::move(text)));
  }
  return arguments;
}

}  // namespace motion_mcp::app
