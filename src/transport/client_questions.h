#pragma once

// Requests from the server to the client (elicitation and the like, in the handshake era), each
// waiting for its answer, which comes as a message of its own.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "jsonrpc/id.h"

namespace motion_mcp::transport {

// Thread-safe.
class ClientQuestions {
 public:
  // A person reads and decides; hosts give up on a call not much later.
  static constexpr std::chrono::seconds kPatience{60};

  explicit ClientQuestions(std::chrono::milliseconds patience = kPatience) : patience_(patience) {}

  // Hands the whole JSON-RPC request to `send` and waits for its result. Nullopt when the client
  // answers with an error or not in time, or `stop` is requested. The request's id cannot be
  // guessed, and only an answer of the same `owner` counts.
  std::optional<Json> ask(std::string_view owner, std::string_view method, const Json& params,
                          const std::function<void(std::string_view request)>& send,
                          const std::stop_token& stop);

  // An answer has come; nothing waits for one with an unknown id.
  void answer(std::string_view owner, const jsonrpc::Id& id, std::optional<Json> result);

 private:
  struct Question {
    std::string owner;
    bool is_answered = false;
    std::optional<Json> result;
  };

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable_any answered_;
  std::map<jsonrpc::Id, Question> open_;
};

}  // namespace motion_mcp::transport
