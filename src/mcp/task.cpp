#include "mcp/task.h"

namespace motion_mcp::mcp {
namespace {

bool declares(const Json& capabilities, const char* extension) {
  const auto extensions = capabilities.find("extensions");
  if (extensions == capabilities.end() || !extensions->is_object()) return false;
  const auto declared = extensions->find(extension);
  return declared != extensions->end() && declared->is_object();
}

}  // namespace

bool declares_tasks(const Json& capabilities) {
  return declares(capabilities, kTasksExtension);
}

bool declares_apps(const Json& capabilities) {
  return declares(capabilities, kAppsExtension);
}

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
