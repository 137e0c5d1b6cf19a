// Requests from the server to its client. These tests try to answer another's question, to answer
// twice, and to leave a call waiting for ever.
#include "transport/client_questions.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "base/json_value.h"
#include "jsonrpc/message.h"

using namespace motion_mcp;
using transport::ClientQuestions;
using namespace std::chrono_literals;

namespace {

jsonrpc::Id id_in(std::string_view request) {
  return {jsonrpc::print(Json::parse(request)["id"])};
}

}  // namespace

TEST_CASE("an answer reaches the question that has its id, once, and from its owner alone") {
  ClientQuestions questions(20s);
  const auto result =
      questions.ask("ada", "roots/list", {{"a", 1}},
                    [&](std::string_view request) {
                      const Json sent = Json::parse(request);
                      CHECK(sent["method"] == "roots/list");
                      CHECK(sent["params"]["a"] == 1);
                      const auto id = id_in(request);
                      questions.answer("bob", id, Json{{"from", "bob"}});
                      questions.answer("ada", {"\"guessed\""}, Json{{"from", "a guess"}});
                      questions.answer("ada", id, Json{{"from", "ada"}});
                    },
                    {});
  REQUIRE(result);
  CHECK((*result)["from"] == "ada");
  questions.answer("ada", {"\"late\""}, Json::object());
}

TEST_CASE("an error, a stop and silence are no answer") {
  ClientQuestions questions(20s);
  CHECK_FALSE(questions.ask(
      "ada", "roots/list", Json::object(),
      [&](std::string_view request) { questions.answer("ada", id_in(request), std::nullopt); },
      {}));
  std::stop_source stop;
  CHECK_FALSE(questions.ask(
      "ada", "roots/list", Json::object(), [&](std::string_view) { stop.request_stop(); },
      stop.get_token()));
  ClientQuestions hasty(1ms);
  CHECK_FALSE(hasty.ask("ada", "roots/list", Json::object(), [](std::string_view) {}, {}));
}

TEST_CASE("an answer may come from another thread while the question waits") {
  ClientQuestions questions(20s);
  std::thread client;
  const auto result = questions.ask("ada", "roots/list", Json::object(),
                                    [&](std::string_view request) {
                                      client = std::thread([&questions, id = id_in(request)] {
                                        questions.answer("ada", id, Json::object());
                                      });
                                    },
                                    {});
  client.join();
  CHECK(result);
}
