#include "mcp/connection_changes.h"

#include <utility>

#include "jsonrpc/message.h"

namespace motion_mcp::mcp {

ConnectionChanges::ConnectionChanges(const std::shared_ptr<Changes>& changes,
                                     std::function<void(std::string_view)> outlet)
    : outlet_(std::move(outlet)),
      subscription_(Changes::subscribe(changes, [this](const Change& change) { tell(change); })) {}

void ConnectionChanges::subscribe(std::string uri) {
  const std::lock_guard lock(mutex_);
  uris_.insert(std::move(uri));
}

void ConnectionChanges::unsubscribe(const std::string& uri) {
  const std::lock_guard lock(mutex_);
  uris_.erase(uri);
}

void ConnectionChanges::tell(const Change& change) {
  Json params = Json::object();
  if (change.kind == Change::Kind::resource_updated) {
    const std::lock_guard lock(mutex_);
    if (!uris_.contains(change.uri)) return;
    params["uri"] = change.uri;
  }
  outlet_(jsonrpc::print_notification(notification_for(change.kind), params));
}

std::string_view notification_for(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::tools:
      return "notifications/tools/list_changed";
    case Change::Kind::prompts:
      return "notifications/prompts/list_changed";
    case Change::Kind::resources:
      return "notifications/resources/list_changed";
    case Change::Kind::resource_updated:
      return "notifications/resources/updated";
  }
  return {};
}

}  // namespace motion_mcp::mcp
