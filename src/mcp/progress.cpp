#include "mcp/progress.h"

#include <limits>
#include <mutex>

#include "jsonrpc/message.h"

namespace motion_mcp::mcp {

Json take_progress_token(Json& params) {
  const auto meta = params.find("_meta");
  if (meta == params.end() || !meta->is_object()) return nullptr;
  const auto token = meta->find("progressToken");
  if (token == meta->end() || !(token->is_string() || token->is_number_integer())) return nullptr;
  return std::move(*token);
}

struct ProgressReporter::State {
  std::mutex mutex;
  Json token;
  std::function<void(std::string_view)> notify;
  double last = -std::numeric_limits<double>::infinity();
  bool is_over = false;

  void report(const Progress& progress) {
    const std::lock_guard lock(mutex);
    if (is_over || !(progress.progress > last)) return;
    last = progress.progress;
    Json params = {{"progressToken", token}, {"progress", progress.progress}};
    if (progress.total) params["total"] = *progress.total;
    if (!progress.message.empty()) params["message"] = progress.message;
    notify(jsonrpc::print_notification("notifications/progress", params));
  }
};

ProgressReporter::ProgressReporter(Json token, std::function<void(std::string_view)> notify) {
  if (token.is_null()) return;
  state_ = std::make_shared<State>();
  state_->token = std::move(token);
  state_->notify = std::move(notify);
}

ProgressReporter::~ProgressReporter() {
  if (!state_) return;
  const std::lock_guard lock(state_->mutex);
  state_->is_over = true;
}

ProgressSink ProgressReporter::sink() const {
  if (!state_) return [](const Progress&) {};
  return [state = state_](const Progress& progress) { state->report(progress); };
}

}  // namespace motion_mcp::mcp
