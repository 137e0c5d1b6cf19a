#include "motion/issues.h"

#include "base/json_value.h"
#include "base/quote.h"
#include "base/text.h"
#include "net/json_answer.h"

namespace motion_mcp::motion {
namespace {

// ["attachments", 0, "url"] -> "attachments[0].url"
std::string path_of(const Json& issue) {
  constexpr std::size_t kMaxBytes = 80;
  std::string path;
  const Json* steps = net::member(issue, "path");
  if (steps == nullptr || !steps->is_array()) return path;
  for (const Json& step : *steps) {
    if (path.size() > kMaxBytes) break;
    if (step.is_number_unsigned()) path += "[" + step.dump() + "]";
    if (!step.is_string()) continue;
    if (!path.empty()) path += '.';
    for (const char c : step.get_ref<const std::string&>().substr(0, kMaxBytes)) {
      const bool is_name_char = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
      if (is_name_char) path += c;
    }
  }
  return path;
}

std::string describe_issue(const Json& issue) {
  constexpr std::size_t kMaxMessageCodePoints = 160;
  const std::string path = path_of(issue);
  const std::string words = base::quote(net::text_at(issue, "message"), kMaxMessageCodePoints);
  std::string text = path.empty() ? "body" : path;
  if (!words.empty()) text += ": " + words;
  if (const auto maximum = net::number_at(issue, "maximum")) text += " (maximum " + *maximum + ")";
  if (const auto minimum = net::number_at(issue, "minimum")) text += " (minimum " + *minimum + ")";
  return text;
}

}  // namespace

std::string describe_issues(const Json& body) {
  constexpr std::size_t kMaxIssues = 5;
  const Json* details = net::member(body, "details");
  if (details == nullptr || !details->is_array()) return {};
  std::string list;
  std::size_t told = 0;
  for (const Json& issue : *details) {
    if (told == kMaxIssues) break;
    list += (told++ == 0 ? "" : "; ") + describe_issue(issue);
  }
  if (told > 0 && details->size() > told) {
    list += "; and " + std::to_string(details->size() - told) + " more";
  }
  return base::clip(list, base::kMaxQuoteCodePoints);
}

}  // namespace motion_mcp::motion
