#include "mcp/rounds.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

// Who goes on asking is broken, and its client's patience ends sooner.
constexpr int kMaxRounds = 8;

Json take(Json& object, const char* name) {
  const auto member = object.find(name);
  return member == object.end() ? Json() : std::move(*member);
}

// The first request that the client cannot be sent.
const InputRequest* find_unanswerable(const InputRequired& wanted, const Json& capabilities) {
  for (const auto& [key, request] : wanted.requests) {
    if (!can_answer(capabilities, request.method)) return &request;
  }
  return nullptr;
}

// Asks the client for each; nullopt when one of them stays without an answer.
std::optional<InputAnswers> ask_client(const InputRequired& wanted, const RunContext& context) {
  if (!context.ask) return std::nullopt;
  InputAnswers answers;
  answers.state = wanted.state;
  for (const auto& [key, request] : wanted.requests) {
    auto answer = context.ask(request.method, request.params);
    if (!answer || !answer->is_object()) return std::nullopt;
    answers.answers[key] = *std::move(answer);
  }
  return answers;
}

}  // namespace

Result<InputAnswers> take_input(Json& params, const RoundRules& rules, const Binding& binding) {
  const auto bad = [](std::string message) {
    return Error{ErrorKind::invalid_argument, std::move(message)};
  };
  InputAnswers input;
  if (rules.state == nullptr) return input;
  const Json token = take(params, "requestState");
  if (!token.is_null()) {
    const auto opened = token.is_string()
                            ? rules.state->open(token.get_ref<const std::string&>(), binding())
                            : std::nullopt;
    if (!opened) return bad("requestState is not one that this call was given, or it is too old");
    input.state = *opened;
  }
  Json answers = take(params, "inputResponses");
  if (answers.is_null()) return input;
  const auto is_object = [](const Json& value) { return value.is_object(); };
  if (!answers.is_object() || !std::all_of(answers.begin(), answers.end(), is_object)) {
    return bad("inputResponses must be an object of objects");
  }
  input.answers = std::move(answers);
  return input;
}

Rounds::Rounds(const RoundRules& rules, const jsonrpc::Id& id, std::string_view what,
               Binding binding, InputAnswers input)
    : rules_(rules),
      id_(id),
      what_(what),
      binding_(std::move(binding)),
      capabilities_(rules.capabilities),
      input_(std::move(input)) {}

std::optional<Reply> Rounds::ask(const InputRequired& wanted, const RunContext& context) {
  if (rounds_++ == kMaxRounds) throw std::runtime_error("it asks for input again and again");
  if (const auto* request = find_unanswerable(wanted, capabilities_)) {
    return error_reply(
        id_, Code::missing_client_capability,
        std::string(what_) + " was not run: it needs a client that answers " + request->method,
        Fault::bad_request, {{"requiredCapabilities", needed_capability(request->method)}});
  }
  if (rules_.project_input) {
    const std::string sealed = rules_.state->seal(wanted.state, binding_());
    return result_reply(id_, rules_.project_input(wanted, sealed));
  }
  if (auto answers = ask_client(wanted, context)) {
    input_ = *std::move(answers);
  } else {
    // It declared more than it does: the request goes on as for a client that cannot be asked.
    capabilities_ = Json::object();
    input_ = {};
  }
  return std::nullopt;
}

}  // namespace motion_mcp::mcp
