#include "tools/waiting.h"

#include <utility>

#include "base/json_value.h"

namespace motion_mcp::tools {

using std::chrono::seconds;

Patience patience_of(const Json& arguments, seconds max_wait) {
  // An integer of JSON need not fit into one of ours.
  const double wanted = arguments.value("wait_seconds", 0.0);
  if (wanted > static_cast<double>(max_wait.count())) return {max_wait, true};
  return {seconds(static_cast<seconds::rep>(wanted)), false};
}

mcp::Progress waiting_progress(std::chrono::milliseconds waited, std::string message) {
  mcp::Progress progress;
  progress.progress = std::chrono::duration<double>(waited).count();
  progress.message = message.empty() ? "The service has not answered yet." : std::move(message);
  progress.message +=
      " Waited " + std::to_string(std::chrono::duration_cast<seconds>(waited).count()) + " s.";
  return progress;
}

std::string wait_was_cut(seconds max_wait) {
  return " The wait was cut to " + std::to_string(max_wait.count()) +
         " s, the longest that this server allows.";
}

}  // namespace motion_mcp::tools
