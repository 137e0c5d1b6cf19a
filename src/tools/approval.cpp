#include "tools/approval.h"

#include <charconv>
#include <utility>

#include "base/json_value.h"
#include "base/quote.h"
#include "base/seal.h"

namespace motion_mcp::tools {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr const char* kQuestionKey = "confirm";
constexpr const char* kElicitation = "elicitation/create";
constexpr std::size_t kShownPromptCodePoints = 200;

std::string to_text(base::WallTime time) {
  return std::to_string(std::chrono::duration_cast<Milliseconds>(time.time_since_epoch()).count());
}

std::optional<base::WallTime> from_text(std::string_view text) {
  std::int64_t milliseconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return base::WallTime(
      std::chrono::duration_cast<base::WallTime::duration>(Milliseconds(milliseconds)));
}

std::string audience_of(const jobs::NewOrder& order) {
  return order.owner + "\n" + order.tool + "\n" + order.digest;
}

// MCP "Elicitation": a flat form.
mcp::InputRequest question_about(const jobs::NewOrder& order, const Priced& priced) {
  const std::string message = "Order " + std::string(priced.what) + "? " +
                              std::string(priced.cost) + " The brief: \"" +
                              base::one_line(order.prompt, kShownPromptCodePoints) + "\"";
  return {
      kElicitation,
      {{"message", message},
       {"requestedSchema",
        {{"type", "object"},
         {"properties",
          {{"confirm",
            {{"type", "boolean"}, {"title", "Order it"}, {"description", "Yes spends credits"}}}}},
         {"required", {"confirm"}}}}}};
}

}  // namespace

Approvals::Approvals(Ask ask, std::shared_ptr<const base::SealKeySource> keys,
                     const base::Clock& clock)
    : ask_(ask), keys_(std::move(keys)), clock_(clock) {}

std::string Approvals::token_for(const jobs::NewOrder& order) const {
  return base::seal(keys_->keys(), base::SealPurpose::confirm, audience_of(order), to_text(now()));
}

std::optional<base::WallTime> Approvals::open(std::string_view token,
                                              const jobs::NewOrder& order) const {
  const auto text =
      base::open_sealed(keys_->keys(), base::SealPurpose::confirm, audience_of(order), token);
  if (!text) return std::nullopt;
  const auto made_at = from_text(*text);
  if (!made_at || *made_at + kTokenLifetime < now()) return std::nullopt;
  return made_at;
}

Result<base::WallTime> ApprovalRound::approve(const jobs::NewOrder& order) {
  const std::string token = call_.arguments.value("confirm_token", "");
  if (!token.empty()) {
    if (const auto asked_at = approvals_.open(token, order)) return *asked_at;
    Error error = ask_agent(order);
    error.message =
        "confirm_token is not one for these arguments, or more than 10 minutes old, so a person "
        "has to agree anew";
    return error;
  }
  const auto answer = call_.input.answers.find(kQuestionKey);
  // Without the state, it is not known what was asked, nor when.
  const bool is_ours = answer != call_.input.answers.end() && !call_.input.state.empty();
  if (is_ours) return judge_answer(*answer);
  if (!mcp::can_answer(call_.capabilities, kElicitation)) return ask_agent(order);
  question_ = mcp::InputRequired{{{kQuestionKey, question_about(order, priced_)}},
                                 to_text(approvals_.now())};
  return Error{ErrorKind::needs_approval, "the user is being asked"};
}

// MCP "Elicitation": accept with the form's content, decline, or cancel.
Result<base::WallTime> ApprovalRound::judge_answer(const Json& answer) const {
  const Json content = answer.value("content", Json::object());
  const bool agrees = answer.value("action", Json()) == "accept" && content.is_object() &&
                      content.value("confirm", Json()) == true;
  const auto asked_at = from_text(call_.input.state);
  if (agrees && asked_at) return *asked_at;
  return Error{
      ErrorKind::needs_approval, "the user was asked and did not agree",
      "Do not call " + std::string(tool_) + " again unless the user wants it; ask what to change."};
}

Error ApprovalRound::ask_agent(const jobs::NewOrder& order) const {
  return {ErrorKind::needs_approval,
          "this server wants a person to agree before credits are spent, and this client cannot "
          "show the question",
          "Ask the user whether to order " + std::string(priced_.what) + ". " +
              std::string(priced_.cost) + " If they agree, call " + std::string(tool_) +
              " again within 10 minutes with the same arguments and "
              "confirm_token=\"" +
              approvals_.token_for(order) + "\"."};
}

}  // namespace motion_mcp::tools
