// Tries to spend credits without the person who has to agree: with no answer, a no, somebody else's
// yes, an old one, the same one twice.
#include "tools/approval.h"

#include <string>

#include "base/owner.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

namespace {

const Json kBrief = {{"prompt", "A fox in the snow"}};
const Json kForm = {{"elicitation", Json::object()}};

struct AskingBench : Bench {
  AskingBench() { asks_first = true; }

  mcp::ToolResult create(const Json& more = Json::object()) {
    Json arguments = kBrief;
    arguments.update(more);
    return call("create_video", arguments);
  }

  // The round after `question` with this answer of the client.
  mcp::ToolResult answer(const mcp::ToolResult& question, const Json& answer,
                         const Json& more = Json::object()) {
    REQUIRE(question.input_required);
    input = {{{"confirm", answer}}, question.input_required->state};
    mcp::ToolResult result = create(more);
    input = {};
    return result;
  }

  // Asks without a client that can show the question.
  std::string token() {
    const std::string text = text_of(create());
    const std::string mark = "confirm_token=\"";
    const std::size_t begin = text.find(mark);
    REQUIRE(begin != std::string::npos);
    return text.substr(begin + mark.size(),
                       text.find('"', begin + mark.size()) - begin - mark.size());
  }
};

Json yes() {
  return {{"action", "accept"}, {"content", {{"confirm", true}}}};
}

Json facts(const mcp::ToolResult& result) {
  return result.meta.at("motion-mcp/error");
}

void check_not_ordered(AskingBench& bench, const mcp::ToolResult& result) {
  CHECK(result.is_error);
  CHECK(facts(result)["kind"] == "needs_approval");
  CHECK(facts(result)["spent"] == "no");
  CHECK(bench.count("POST") == 0);
}

}  // namespace

TEST_CASE("a client that can ask is given the question, and a yes orders the video") {
  AskingBench bench;
  bench.capabilities = kForm;
  const auto question = bench.create();
  REQUIRE(question.input_required);
  REQUIRE(question.input_required->requests.size() == 1);
  CHECK(question.input_required->requests.front().first == "confirm");
  const mcp::InputRequest& request = question.input_required->requests.front().second;
  CHECK(request.method == "elicitation/create");
  CHECK(request.params["message"] ==
        "Order a new video from Motion? It costs credits (200 make about 1-2 videos) and cannot be "
        "cancelled once it is started. The brief: \"A fox in the snow\"");
  CHECK(request.params["requestedSchema"]["required"] == Json::array({"confirm"}));
  CHECK(bench.count("POST") == 0);

  // What is asked about cannot be dressed up by what is in the brief.
  const auto dressed_up = bench.create({{"prompt", "A fox\n\nIt is free.\xE2\x80\xAE <b>\"yes\""}});
  REQUIRE(dressed_up.input_required);
  CHECK(dressed_up.input_required->requests.front()
            .second.params["message"]
            .get<std::string>()
            .ends_with("The brief: \"A fox It is free. <b>'yes'\""));

  bench.reply_started();
  const auto ordered = bench.answer(question, yes());
  CHECK(!ordered.is_error);
  CHECK(!ordered.input_required);
  CHECK(bench.count("POST") == 1);
}

TEST_CASE("anything but a yes orders nothing") {
  for (const Json& answer :
       {Json{{"action", "decline"}}, Json{{"action", "cancel"}}, Json{{"action", "accept"}},
        Json{{"action", "accept"}, {"content", {{"confirm", false}}}},
        Json{{"action", "accept"}, {"content", {{"confirm", "yes"}}}},
        Json{{"action", "accept"}, {"content", "confirm"}}, Json{{"action", 1}}, Json::object()}) {
    CAPTURE(answer.dump());
    AskingBench bench;
    bench.capabilities = kForm;
    const auto result = bench.answer(bench.create(), answer);
    check_not_ordered(bench, result);
    CHECK(text_of(result) ==
          "create_video failed and nothing was spent: the user was asked and did not agree. Do not "
          "call create_video again unless the user wants it; ask what to change.");
  }
}

TEST_CASE("an answer to another question is none: the client is asked again") {
  AskingBench bench;
  bench.capabilities = kForm;
  bench.input = {{{"other", yes()}}, bench.create().input_required->state};
  CHECK(bench.create().input_required);
  CHECK(bench.count("POST") == 0);
}

TEST_CASE("a yes that nobody was asked for is none: the client is asked") {
  AskingBench bench;
  bench.capabilities = kForm;
  bench.input = {{{"confirm", yes()}}, ""};
  CHECK(bench.create().input_required);
  CHECK(bench.count("POST") == 0);
}

TEST_CASE("one yes is one order, also when duplicates are allowed") {
  AskingBench bench;
  bench.capabilities = kForm;
  const auto question = bench.create();
  bench.clock.advance(5s);
  bench.reply_started();
  CHECK(!bench.answer(question, yes(), {{"allow_duplicate", true}}).is_error);
  const auto again = bench.answer(question, yes(), {{"allow_duplicate", true}});
  CHECK(again.is_error);
  CHECK(facts(again)["kind"] == "needs_approval");
  CHECK(text_of(again).find("the approval was for one order and that has been sent") !=
        std::string::npos);
  CHECK(bench.count("POST") == 1);
}

TEST_CASE("a refused order does not use the yes up") {
  AskingBench bench;
  bench.capabilities = kForm;
  const auto question = bench.create();
  bench.clock.advance(5s);
  bench.http.reply(402, vendor_text("error-402"));
  CHECK(facts(bench.answer(question, yes()))["kind"] == "insufficient_credits");
  bench.reply_started();
  CHECK(!bench.answer(question, yes()).is_error);
}

TEST_CASE("what was ordered already is answered without a question") {
  AskingBench bench;
  bench.capabilities = kForm;
  const auto question = bench.create();
  bench.reply_started();
  CHECK(!bench.answer(question, yes()).is_error);
  const auto again = bench.create();
  CHECK(!again.input_required);
  CHECK(text_of(again).find("The same arguments were sent") == 0);
}

TEST_CASE("a client that cannot ask: the agent is given a token, for ten minutes and one order") {
  AskingBench bench;
  const auto refused = bench.create();
  check_not_ordered(bench, refused);
  CHECK(text_of(refused).find(
            "create_video failed and nothing was spent: this server wants a person to agree before "
            "credits are spent, and this client cannot show the question. Ask the user whether to "
            "order a new video from Motion. It costs credits (200 make about 1-2 videos) and "
            "cannot be "
            "cancelled once it is started. If they agree, call create_video again within 10 "
            "minutes with the same arguments and confirm_token=\"") == 0);
  const std::string token = bench.token();
  bench.clock.advance(10min);
  bench.reply_started();
  CHECK(!bench.create({{"confirm_token", token}}).is_error);
  CHECK(bench.count("POST") == 1);
  const auto body = Json::parse(bench.http.sent().back().body);
  CHECK(body == kBrief);  // nothing of ours goes to the service
  const auto again = bench.create({{"confirm_token", token}, {"allow_duplicate", true}});
  CHECK(facts(again)["kind"] == "needs_approval");
  CHECK(bench.count("POST") == 1);
}

TEST_CASE("a token that is too old, damaged, another's or for other arguments orders nothing") {
  AskingBench bench;
  const std::string token = bench.token();
  bench.clock.advance(10min + 1s);
  check_not_ordered(bench, bench.create({{"confirm_token", token}}));

  const std::string fresh = bench.token();
  check_not_ordered(bench, bench.create({{"confirm_token", fresh + "A"}}));
  check_not_ordered(bench, bench.create({{"confirm_token", fresh}, {"prompt", "A wolf"}}));
  check_not_ordered(bench, bench.create({{"confirm_token", "yes"}}));
  bench.caller.credential = "motion_somebody_else";
  const auto foreign = bench.create({{"confirm_token", fresh}});
  check_not_ordered(bench, foreign);
  CHECK(text_of(foreign).find("confirm_token is not one for these arguments, or more than 10 "
                              "minutes old, so a person has to agree anew") != std::string::npos);
  CHECK(text_of(foreign).find("confirm_token=\"") != std::string::npos);
}

TEST_CASE(
    "a followup that the job takes is asked about too, and one that it does not take is not") {
  AskingBench bench;
  bench.capabilities = kForm;
  bench.http.reply(200, vendor_text("status-completed"));
  const auto question = bench.followup();
  REQUIRE(question.input_required);
  CHECK(question.input_required->requests.front().second.params["message"].get<std::string>().find(
            "Order a revision of the video from Motion?") == 0);
  bench.input = {{{"confirm", yes()}}, question.input_required->state};
  bench.http.reply(200, vendor_text("status-completed"));
  bench.reply_started();
  CHECK(!bench.followup().is_error);
  CHECK(bench.count("POST") == 1);

  AskingBench running;
  running.capabilities = kForm;
  running.http.reply(200, vendor_text("status-running"));
  const auto refused = running.followup();
  CHECK(!refused.input_required);
  CHECK(facts(refused)["kind"] == "conflict");
}

TEST_CASE("a token is worth nothing where nobody asks, and harms nothing") {
  Bench bench;
  bench.reply_started();
  Json arguments = kBrief;
  arguments["confirm_token"] = "whatever";
  CHECK(!bench.call("create_video", arguments).is_error);
  CHECK(Json::parse(bench.http.sent().back().body) == kBrief);
}
