#include "app/findings.h"

#include <algorithm>
#include <utility>

#include "base/json_value.h"
#include "base/redact.h"

namespace motion_mcp::app {
namespace {

std::string_view word_of(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warn";
    case Health::failure:
      return "fail";
    case Health::skipped:
      return "skip";
  }
  return "";
}

std::string padded(std::string_view word, std::size_t width) {
  std::string text(word);
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

}  // namespace

bool has_failure(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.health == Health::failure; });
}

std::string findings_text(const std::vector<Finding>& findings) {
  constexpr std::size_t kHealthColumn = 6;
  std::size_t width = 0;
  for (const Finding& finding : findings) width = std::max(width, finding.check.size() + 2);
  std::string text;
  for (const Finding& finding : findings) {
    text += padded(word_of(finding.health), kHealthColumn) + padded(finding.check, width) +
            finding.detail + "\n";
    if (!finding.fix.empty()) text += std::string(kHealthColumn + width, ' ') + finding.fix + "\n";
  }
  text += has_failure(findings) ? "Mend what failed, from the top.\n"
                                : "Nothing here keeps a call from working.\n";
  return base::redact(text);
}

std::string findings_json(const std::vector<Finding>& findings) {
  Json checks = Json::array();
  for (const Finding& finding : findings) {
    Json check = {{"check", finding.check},
                  {"result", word_of(finding.health)},
                  {"detail", base::redact(finding.detail)}};
    if (!finding.fix.empty()) check["fix"] = base::redact(finding.fix);
    checks.push_back(std::move(check));
  }
  const Json document = {{"ok", !has_failure(findings)}, {"checks", std::move(checks)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace motion_mcp::app
