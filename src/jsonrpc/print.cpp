// Prints JSON without nlohmann's serializer, whose set-up costs more than most messages do.

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/text.h"
#include "jsonrpc/message.h"
#include "jsonrpc/plain_bytes.h"

namespace motion_mcp::jsonrpc {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

void append_escape(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kHex[code >> 4U];
  out += kHex[code & 0x0FU];
}

// Appends what is at `at`, where no plain byte is; returns what follows it.
std::size_t append_other(std::string& out, std::string_view text, std::size_t at) {
  if (static_cast<unsigned char>(text[at]) < 0x80) {
    append_escape(out, text[at]);
    return at + 1;
  }
  const std::size_t length = base::utf8_length_at(text, at);
  if (length == 0) {
    out.append(kReplacement);
    return at + 1;
  }
  out.append(text, at, length);
  return at + length;
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0;;) {
    const std::size_t end = end_of_plain_run(text, at);
    out.append(text, at, end - at);
    if (end == text.size()) break;
    at = append_other(out, text, end);
  }
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append(std::string& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: {
      out += '{';
      bool is_first = true;
      for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
        if (!is_first) out += ',';
        is_first = false;
        append_string(out, name);
        out += ':';
        append(out, member);
      }
      out += '}';
      return;
    }
    case Json::value_t::array: {
      out += '[';
      bool is_first = true;
      for (const Json& element : value.get_ref<const Json::array_t&>()) {
        if (!is_first) out += ',';
        is_first = false;
        append(out, element);
      }
      out += ']';
      return;
    }
    case Json::value_t::string:
      append_string(out, value.get_ref<const std::string&>());
      return;
    case Json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return;
    case Json::value_t::number_integer:
      append_number(out, value.get<std::int64_t>());
      return;
    case Json::value_t::number_unsigned:
      append_number(out, value.get<std::uint64_t>());
      return;
    case Json::value_t::number_float: {
      const auto number = value.get<double>();
      // JSON has no infinities.
      if (std::isfinite(number)) {
        append_number(out, number);
      } else {
        out += "null";
      }
      return;
    }
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      out += "null";
      return;
  }
}

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// What follows the string whose opening quote is at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  at = end_of_plain_run(json, at + 1);
  while (json[at] != '"') at = end_of_plain_run(json, at + (json[at] == '\\' ? 2 : 1));
  return at + 1;
}

}  // namespace

std::string print(const Json& value) {
  std::string text;
  append(text, value);
  return text;
}

std::string compact(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    if (json[at] == '"') {
      const std::size_t end = end_of_string(json, at);
      text.append(json, at, end - at);
      at = end;
    } else {
      if (!is_blank(json[at])) text += json[at];
      ++at;
    }
  }
  return text;
}

std::string print_string(std::string_view text) {
  std::string printed;
  append_string(printed, text);
  return printed;
}

}  // namespace motion_mcp::jsonrpc
