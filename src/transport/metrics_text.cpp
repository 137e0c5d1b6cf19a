#include "transport/metrics_text.h"

#include <array>
#include <charconv>

namespace motion_mcp::transport {
namespace {

void add_escaped(std::string& text, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
}

}  // namespace

void MetricsText::begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::add(double value, Labels labels, std::string_view suffix) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  add_text({digits.data(), static_cast<std::size_t>(end - digits.data())}, labels, suffix);
}

void MetricsText::add(std::uint64_t value, Labels labels, std::string_view suffix) {
  add_text(std::to_string(value), labels, suffix);
}

void MetricsText::add_text(std::string_view value, Labels labels, std::string_view suffix) {
  text_.append(name_).append(suffix);
  char separator = '{';
  for (const auto& [label, content] : labels) {
    text_.append(1, separator).append(label).append("=\"");
    add_escaped(text_, content);
    text_ += '"';
    separator = ',';
  }
  if (separator == ',') text_ += '}';
  text_.append(" ").append(value).append("\n");
}

}  // namespace motion_mcp::transport
