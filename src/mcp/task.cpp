#include "mcp/task.h"

#include "mcp/extension.h"

namespace motion_mcp::mcp {

Json tasks_capability() {
  return {{"extensions", {{kTasksExtension, Json::object()}}}};
}

bool is_over(TaskStatus status) {
  switch (status) {
    case TaskStatus::working:
    case TaskStatus::input_required:
      return false;
    case TaskStatus::completed:
    case TaskStatus::failed:
    case TaskStatus::cancelled:
      return true;
  }
  return true;
}

}  // namespace motion_mcp::mcp
