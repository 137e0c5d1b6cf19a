#include "transport/client_questions.h"

#include <utility>

#include "base/random.h"
#include "jsonrpc/message.h"

namespace motion_mcp::transport {

std::optional<Json> ClientQuestions::ask(std::string_view owner, std::string_view method,
                                         const Json& params,
                                         const std::function<void(std::string_view)>& send,
                                         const std::stop_token& stop) {
  const jsonrpc::Id id{jsonrpc::print_string(base::random_uuid())};
  {
    const std::lock_guard lock(mutex_);
    open_.emplace(id, Question{std::string(owner), false, std::nullopt});
  }
  send(jsonrpc::print_request(id, method, params));

  std::unique_lock lock(mutex_);
  answered_.wait_for(lock, stop, patience_, [&] { return open_.at(id).is_answered; });
  return std::move(open_.extract(id).mapped().result);
}

void ClientQuestions::answer(std::string_view owner, const jsonrpc::Id& id,
                             std::optional<Json> result) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(id);
  if (found == open_.end() || found->second.owner != owner) return;
  found->second.is_answered = true;
  found->second.result = std::move(result);
  answered_.notify_all();
}

}  // namespace motion_mcp::transport
