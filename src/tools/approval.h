#pragma once

// Asking a person before credits are spent (--confirm always): through the client when it can ask,
// otherwise through the agent, which has to come back with a token.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/seal_key_source.h"
#include "jobs/order.h"
#include "mcp/tool.h"

namespace motion_mcp::tools {

// The tokens and the rule. Thread-safe.
class Approvals {
 public:
  static constexpr std::chrono::minutes kTokenLifetime{10};

  enum class Ask { never, always };

  // `clock` must outlive it.
  Approvals(Ask ask, std::shared_ptr<const base::SealKeySource> keys, const base::Clock& clock);

  [[nodiscard]] bool are_needed() const { return ask_ == Ask::always; }
  [[nodiscard]] base::WallTime now() const { return clock_.wall(); }

  // A token is good for the same owner, tool and arguments. It holds no secret; who has it could
  // have agreed as well.
  [[nodiscard]] std::string token_for(const jobs::NewOrder& order) const;
  // When the token was made; nullopt when it is not one for this order, or too old.
  [[nodiscard]] std::optional<base::WallTime> open(std::string_view token,
                                                   const jobs::NewOrder& order) const;

 private:
  const Ask ask_;
  const std::shared_ptr<const base::SealKeySource> keys_;
  const base::Clock& clock_;
};

// What is asked about.
struct Priced {
  std::string_view what = "a new video from Motion";
  std::string_view cost =
      "It costs credits (200 make about 1-2 videos) and cannot be cancelled once it is started.";
};

// What became of asking about one order. Lives as long as the call.
class ApprovalRound {
 public:
  ApprovalRound(const Approvals& approvals, std::string_view tool, const mcp::ToolCall& call,
                const Priced& priced)
      : approvals_(approvals), tool_(tool), call_(call), priced_(priced) {}

  // When the person was asked who agreed. needs_approval otherwise: when `question` is set, the
  // call is to ask that of its client; when not, the error says what the agent can do.
  Result<base::WallTime> approve(const jobs::NewOrder& order);
  [[nodiscard]] const std::optional<mcp::InputRequired>& question() const { return question_; }

 private:
  [[nodiscard]] Result<base::WallTime> judge_answer(const Json& answer) const;
  [[nodiscard]] Error ask_agent(const jobs::NewOrder& order) const;

  const Approvals& approvals_;
  const std::string_view tool_;
  const mcp::ToolCall& call_;
  const Priced priced_;
  std::optional<mcp::InputRequired> question_;
};

}  // namespace motion_mcp::tools
