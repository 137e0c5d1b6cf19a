#include "tools/error_result.h"

#include <string>

#include "base/random.h"

namespace motion_mcp::tools {
namespace {

std::string_view outcome(Spent spent) {
  switch (spent) {
    case Spent::no:
      return " failed and nothing was spent: ";
    case Spent::unknown:
      return " failed and credits may have been spent: ";
  }
  return " failed: ";
}

}  // namespace

mcp::ToolResult error_result(std::string_view tool, const Error& error, std::string_view job_id) {
  const bool has_job = base::is_uuid(job_id);

  std::string text(tool);
  text += outcome(error.spent);
  text += error.message + ".";
  if (has_job) text += " Job: " + std::string(job_id) + ".";
  if (!error.next_step.empty()) text += " " + error.next_step;

  Json::object_t facts;
  facts.reserve(4);  // growing copies
  facts.emplace_back("kind", to_string(error.kind));
  facts.emplace_back("spent", error.spent == Spent::no ? "no" : "unknown");
  if (error.retry_after) facts.emplace_back("retry_after_seconds", error.retry_after->count());
  if (has_job) facts.emplace_back("job_id", job_id);

  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(text));
  result.is_error = true;
  result.meta = Json::object();
  result.meta[mcp::kErrorMeta] = std::move(facts);
  return result;
}

}  // namespace motion_mcp::tools
