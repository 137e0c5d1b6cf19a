// Tries to have a host draw a card that is not there, that reaches out of its frame, or that is fed
// with more, or for somebody else, than the tools would say.
#include "tools/video_card.h"

#include <regex>
#include <string>

#include "unit/tools/bench.h"

using namespace motion_mcp;
using test::Bench;

namespace {

mcp::App the_card() {
  auto cards = tools::make_video_card(tools::all_tools(), {"https://media.example.com"});
  REQUIRE(cards.size() == 1);
  return cards.front();
}

Json definition_of(std::string_view tool) {
  return Json::parse(test::entry(tool).definition);
}

mcp::ToolResult refresh(Bench& bench) {
  return bench.call("refresh_video_card", {{"job_id", test::kJobId}});
}

}  // namespace

TEST_CASE("the card is one document of less than 40 kB that names no place but the web app") {
  const mcp::App card = the_card();
  CHECK(card.html.size() < 40'000);
  CHECK(card.html.starts_with("<!doctype html>"));
  CHECK(card.resource_origins == std::vector<std::string>{"https://media.example.com"});

  const std::string html(card.html);
  const std::regex url("(https?:)?//[a-z0-9.-]+\\.[a-z]+", std::regex::icase);
  for (std::sregex_iterator at(html.begin(), html.end(), url), end; at != end; ++at) {
    CHECK(at->str() == "https://motion.so");
  }
  for (const char* banned :
       {"innerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(",
        "XMLHttpRequest", "import(", "@import", "localStorage", " onclick", "srcdoc"}) {
    CAPTURE(banned);
    CHECK(html.find(banned) == std::string::npos);
  }
}

TEST_CASE("the video tools name the card that there is, as each host looks for it") {
  const std::string uri = Json::parse(the_card().definition)["uri"];
  CHECK(uri == "ui://motion/video-card.v1.html");
  CHECK(Json::parse(the_card().definition)["mimeType"] == mcp::kAppMimeType);
  for (const auto& tool : tools::all_tools()) {
    CAPTURE(tool.name);
    const Json meta = definition_of(tool.name).value("_meta", Json::object());
    const bool has_card = tool.name == "create_video" || tool.name == "followup_video" ||
                          tool.name == "get_video_status";
    CHECK(meta.contains("openai/outputTemplate") == has_card);
    if (!has_card) continue;
    CHECK(meta["ui"] == Json{{"resourceUri", uri}});
    CHECK(meta["ui/resourceUri"] == uri);
    CHECK(meta["openai/outputTemplate"] == uri);
  }
}

TEST_CASE("the card's own tool is for the card alone, and harmless to who calls it all the same") {
  const Json definition = definition_of("refresh_video_card");
  CHECK(definition["_meta"]["ui"]["visibility"] == Json::array({"app"}));
  CHECK(test::entry("refresh_video_card").read_only);
  CHECK(definition.dump().size() < 512);
  CHECK(std::string(the_card().html).find("'refresh_video_card'") != std::string::npos);
}

TEST_CASE("there is no card without the tool that keeps it fresh") {
  CHECK(tools::make_video_card({&test::entry("list_videos"), 1}, {}).empty());
  CHECK(tools::make_video_card({&test::entry("refresh_video_card"), 1}, {}).size() == 1);
}

TEST_CASE("a refresh is get_video_status at once, and beside it what only the card shows") {
  Bench bench;
  bench.reply_started();
  bench.call("create_video", {{"prompt", "A calm ocean."}});
  bench.reply(test::vendor_json("status-running"));
  const mcp::ToolResult status = bench.get_status();
  bench.reply(test::vendor_json("status-running"));
  const mcp::ToolResult fresh = refresh(bench);
  CHECK(fresh.structured_content == status.structured_content);
  CHECK(fresh.content == status.content);
  CHECK(status.meta.is_null());
  const Json& card = fresh.meta["motion-mcp/card"];
  CHECK(card["prompt"] == "A calm ocean.");
  CHECK(card["age_seconds"].is_number_integer());
}

TEST_CASE("a prompt that is not known, somebody else's or unreadable is left out") {
  Bench bench;
  bench.reply_started();
  bench.call("create_video", {{"prompt", "A calm ocean."}});
  bench.caller.credential = "motion_another_key";
  bench.reply(test::vendor_json("status-running"));
  CHECK_FALSE(refresh(bench).meta["motion-mcp/card"].contains("prompt"));
  bench.caller.credential = test::kKey;
  bench.history = nullptr;
  bench.reply(test::vendor_json("status-running"));
  CHECK_FALSE(refresh(bench).meta["motion-mcp/card"].contains("prompt"));
}

TEST_CASE("a card is told when the video that it shows is the one from before a lost followup") {
  Bench bench;
  const auto card = [&] {
    bench.reply(test::vendor_json("status-completed"));
    return refresh(bench).meta["motion-mcp/card"];
  };
  CHECK_FALSE(card().contains("followup_not_taken"));
  bench.reply(test::vendor_json("status-completed"));
  bench.http.fail(ErrorKind::interrupted, "the connection was cut");
  CHECK(bench.followup().is_error);
  CHECK_FALSE(card().contains("followup_not_taken"));
  bench.clock.advance(std::chrono::seconds(120));
  CHECK(card()["followup_not_taken"] == true);
}

TEST_CASE("a refresh of what is no job asks nobody, and one of an unknown job says so") {
  Bench bench;
  const mcp::ToolResult refused = bench.call("refresh_video_card", {{"job_id", "1"}});
  CHECK(refused.is_error);
  CHECK(bench.http.sent().empty());
  bench.reply(test::vendor_json("error-404"), 404);
  const mcp::ToolResult unknown = refresh(bench);
  CHECK(unknown.is_error);
  CHECK(unknown.meta["motion-mcp/error"]["kind"] == "not_found");
}
