// Conversations with the server, a message a line, in both eras. Tries to get two answers to one
// request, none, or one that is no JSON-RPC.
//
// The first byte says how the connection stands before the first line: '1' to '4' as after the
// handshake of the versions 2024-11-05 to 2025-11-25, anything else as it begins.
#include <algorithm>
#include <array>
#include <stop_token>

#include "fuzz/answers.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/toy_server.h"

namespace motion_mcp::fuzz {
namespace {

constexpr std::array kHandshakes = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"};

class Conversation {
 public:
  void begin(char how) {
    const auto which = static_cast<std::size_t>(how - '1');
    if (which >= kHandshakes.size()) return;
    take(
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{"roots":{},"elicitation":{},"sampling":{}},"protocolVersion":")" +
        std::string(kHandshakes.at(which)) + "\"}}");
  }

  void take(std::string_view line) {
    auto parsed = jsonrpc::parse(line);
    if (auto* batch = std::get_if<jsonrpc::Batch>(&parsed)) return take_batch(std::move(*batch));
    auto& message = std::get<jsonrpc::Message>(parsed);
    const Due due = due_for(message);
    const auto answer = answer_to(std::move(message));
    require(answer.has_value() == due.is_answered, "a request is answered, and nothing else is",
            line);
    if (answer) require_response_line(*answer, due);
  }

 private:
  void take_batch(jsonrpc::Batch batch) {
    if (const auto refused = toys_.server.refuse_batch(batch, connection_)) {
      return require_response_line(refused->text, {true, std::nullopt});
    }
    const std::vector<Due> dues = due_for(batch);
    Json answers = Json::array();
    for (jsonrpc::Message& message : batch) {
      if (const auto answer = answer_to(std::move(message))) {
        answers.push_back(require_json_line(*answer));
      }
    }
    require_responses(answers, dues);
  }

  std::optional<std::string> answer_to(jsonrpc::Message message) {
    mcp::Step step = toys_.server.accept(std::move(message), connection_, caller_);
    if (auto* reply = std::get_if<mcp::Reply>(&step)) return std::move(reply->text);
    if (auto* work = std::get_if<mcp::Work>(&step)) return run(*work);
    return std::nullopt;
  }

  // A stop is requested before it runs, because a subscription goes on until then.
  std::string run(const mcp::Work& work) {
    std::stop_source stop;
    stop.request_stop();
    mcp::RunContext context{stop.get_token(),
                            [](std::string_view text) { require_notification(text); }};
    context.ask = [this](std::string_view, const Json&) { return answer_as_client(); };
    return work.run(context).text;
  }

  // A client that agrees at first and then no longer answers.
  std::optional<Json> answer_as_client() {
    if (++asked_ % 3 == 0) return std::nullopt;
    return Json{{"action", "accept"}, {"content", {{"name", "Ada"}}}};
  }

  ToyServer toys_;
  mcp::Connection connection_ = connection();
  const mcp::Caller caller_{"motion_0123456789abcdef"};
  int asked_ = 0;

  static mcp::Connection connection() {
    mcp::Connection connection;
    connection.outlet = [](std::string_view text) { require_notification(text); };
    return connection;
  }
};

}  // namespace

void try_bytes(std::string_view bytes) {
  if (bytes.empty()) return;
  Conversation conversation;
  conversation.begin(bytes.front());
  bytes.remove_prefix(1);
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    conversation.take(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
}

}  // namespace motion_mcp::fuzz
