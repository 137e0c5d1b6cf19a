#pragma once

// A request that asks its client for input before it can go on (input.h), as each era does it: in
// the per-request era it ends with what it needs and comes again with the answers, in the handshake
// era the client is asked while it runs.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jsonrpc/message.h"
#include "mcp/input.h"
#include "mcp/reply.h"
#include "mcp/request_state.h"
#include "mcp/server.h"

namespace motion_mcp::mcp {

// What the next round of a request must repeat: who asks, what for, with which arguments.
using Binding = std::function<std::string()>;

struct RoundRules {
  // What the client declared that it can be asked.
  Json capabilities = Json::object();
  // In the per-request era: what seals the state, and the JSON text of a result that asks for
  // input. In the handshake era both are empty.
  const RequestState* state = nullptr;
  std::function<std::string(const InputRequired&, std::string_view sealed_state)> project_input =
      {};
};

// The answers that a request's parameters bring from the round before, taken out of them; none for
// a first one. invalid_argument says why they are none.
Result<InputAnswers> take_input(Json& params, const RoundRules& rules, const Binding& binding);

// One request on its way through its rounds. One thread's.
class Rounds {
 public:
  // `what` names the request to the client; all that is referred to must outlive it.
  Rounds(const RoundRules& rules, const jsonrpc::Id& id, std::string_view what, Binding binding,
         InputAnswers input);

  [[nodiscard]] const Json& capabilities() const { return capabilities_; }
  [[nodiscard]] const InputAnswers& input() const { return input_; }

  // The reply that ends the request for now; nullopt when it is to run again, with the new input().
  // Throws when the request asks again and again.
  std::optional<Reply> ask(const InputRequired& wanted, const RunContext& context);

 private:
  const RoundRules& rules_;
  const jsonrpc::Id& id_;
  const std::string_view what_;
  const Binding binding_;
  Json capabilities_;
  InputAnswers input_;
  int rounds_ = 0;
};

}  // namespace motion_mcp::mcp
