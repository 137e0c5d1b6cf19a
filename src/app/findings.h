#pragma once

// What an examination found, and how it is told.

#include <string>
#include <string_view>
#include <vector>

namespace motion_mcp::app {

enum class Health { ok, warning, failure, skipped };

struct Finding {
  std::string_view check;  // one word
  Health health = Health::ok;
  std::string detail;
  std::string fix;  // one sentence; empty when there is nothing to do
};

// As lines for people, or as JSON.
std::string findings_text(const std::vector<Finding>& findings);
std::string findings_json(const std::vector<Finding>& findings);

// True when a check failed; warnings do not count.
bool has_failure(const std::vector<Finding>& findings);

}  // namespace motion_mcp::app
