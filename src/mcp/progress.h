#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/json_value.h"
#include "mcp/tool.h"

namespace motion_mcp::mcp {

// The `_meta.progressToken` of a request's params (a string or an integer); null when it has none.
Json take_progress_token(Json& params);

// Turns a tool's reports into notifications/progress (MCP "Progress"). Reports that do not rise are
// dropped, and so are those that come after this object is gone: some hosts break their connection
// on a notification for a request that was answered.
class ProgressReporter {
 public:
  ProgressReporter(Json token, std::function<void(std::string_view notification)> notify);
  ~ProgressReporter();
  ProgressReporter(const ProgressReporter&) = delete;
  ProgressReporter& operator=(const ProgressReporter&) = delete;

  // Safe to call from any thread, also after the reporter is gone.
  [[nodiscard]] ProgressSink sink() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace motion_mcp::mcp
