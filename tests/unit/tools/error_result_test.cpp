// An error is what an agent acts on when money is at stake. Every kind's words are held here whole,
// from the service's answer to the text, so that a change of them is seen.
#include "tools/error_result.h"

#include <utility>

#include "unit/tools/bench.h"

using namespace motion_mcp;
using test::Bench;
using test::text_of;

namespace {

Json facts(const mcp::ToolResult& result) {
  return result.meta["motion-mcp/error"];
}

mcp::ToolResult create_against(int status, const std::string& body, net::Headers headers = {}) {
  Bench bench;
  bench.http.reply(status, body, std::move(headers));
  const auto result = bench.call("create_video", {{"prompt", "A film."}});
  CHECK(result.is_error);
  CHECK(bench.count("POST") == 1);
  return result;
}

}  // namespace

TEST_CASE("an error has text and machine-readable facts, and no structuredContent") {
  const auto result = tools::error_result(
      "followup_video",
      {ErrorKind::rate_limited, "too fast", "Wait.", Spent::no, std::chrono::seconds(7)},
      test::kJobId);
  CHECK(result.is_error);
  CHECK(!result.structured_content);
  CHECK(result.content.dump() ==
        R"([{"type":"text","text":"followup_video failed and nothing was spent: too fast. )"
        R"(Job: 405d47cf-f72b-4852-b570-0de2446dbba1. Wait."}])");
  CHECK(result.meta.dump() ==
        R"({"motion-mcp/error":{"kind":"rate_limited","spent":"no","retry_after_seconds":7,)"
        R"("job_id":"405d47cf-f72b-4852-b570-0de2446dbba1"}})");
}

TEST_CASE("every kind has a word on the wire, and only a UUID is repeated as a job") {
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind) {
    const Error error{static_cast<ErrorKind>(kind), "it failed", "", Spent::unknown};
    const auto result = tools::error_result("create_video", error, "not a job");
    CHECK(text_of(result) == "create_video failed and credits may have been spent: it failed.");
    CHECK(facts(result)["kind"] == to_string(error.kind));
    CHECK(facts(result)["spent"] == "unknown");
    CHECK(!facts(result).contains("job_id"));
  }
}

TEST_CASE("no key, or another service's, says how to set one and sends nothing") {
  for (const char* key : {"", "sk-canary", "${MOTION_API_KEY}", "motion_a b"}) {
    CAPTURE(key);
    Bench bench;
    bench.caller.credential = key;
    for (const auto& result : {bench.call("create_video", {{"prompt", "A film."}}),
                               bench.followup(), bench.get_status()}) {
      CHECK(result.is_error);
      CHECK(facts(result)["kind"] == "no_credential");
      CHECK(facts(result)["spent"] == "no");
      CHECK(text_of(result).find("MOTION_API_KEY") != std::string::npos);
      CHECK(text_of(result).find("AI Agent") != std::string::npos);
      CHECK(text_of(result).find("canary") == std::string::npos);
    }
    CHECK(bench.http.sent().empty());
  }
}

TEST_CASE("the vendor's refusals of a create say what happened, what it cost and what to do") {
  CHECK(text_of(create_against(400, test::vendor_text("error-400"))) ==
        "create_video failed and nothing was spent: the Motion API found the request invalid: "
        "attachments: \"Array must contain at most 10 element(s)\" (maximum 10). Correct the "
        "arguments, then call create_video again.");
  CHECK(text_of(create_against(401, test::vendor_text("error-401"))) ==
        "create_video failed and nothing was spent: the Motion API refused the key (401: \"Mosaic "
        "Motion API key authentication required\"). Make a key in the Motion app "
        "(https://motion.so) under Settings -> AI Agent and give it to this server as "
        "MOTION_API_KEY, or over HTTP as the bearer token.");
  CHECK(text_of(create_against(402, test::vendor_text("error-402"))) ==
        "create_video failed and nothing was spent: the account has 0 Motion credits and needs at "
        "least 300 (402: \"Starting a new Mosaic Motion session requires at least 300 credits in "
        "your balance.\"). Ask the owner of the account to add credits at https://motion.so (the "
        "API cannot buy them), then call create_video again.");
  CHECK(text_of(create_against(403, R"({"error":"motion_pro_feature_required"})")) ==
        "create_video failed and nothing was spent: design_system_id and design_md need a Motion "
        "Pro or Max plan (403). Leave out design_system_id and design_md, put the design rules "
        "into the prompt, and call create_video again.");
}

TEST_CASE("an answer that never came leaves the money in doubt and forbids a repeat") {
  const auto result = create_against(500, "<html>oops</html>");
  CHECK(text_of(result) ==
        "create_video failed and credits may have been spent: the Motion API failed after the "
        "request was sent (500, no content type instead of JSON), so the video may have been "
        "started. Do not call create_video again for this video: look at https://motion.so, and "
        "start it again, with allow_duplicate=true, only if it is not there.");
  CHECK(facts(result)["spent"] == "unknown");
  CHECK(facts(result)["kind"] == "outcome_unknown");
}

TEST_CASE("a service that takes nothing for now says how long to wait") {
  for (const auto& [status, kind] : {std::pair{429, "rate_limited"}, {503, "unavailable"}}) {
    const auto result = create_against(status, R"({"error":"slow down"})", {{"Retry-After", "42"}});
    CHECK(facts(result)["kind"] == kind);
    CHECK(facts(result)["spent"] == "no");
    CHECK(facts(result)["retry_after_seconds"] == 42);
    CHECK(text_of(result).find("Wait 42 s") != std::string::npos);
  }
}

TEST_CASE("a request that never left spent nothing, one that may have arrived is in doubt") {
  struct Row {
    const char* tool;
    ErrorKind net;
    const char* kind;
    const char* spent;
  };
  for (const Row& row : {Row{"create_video", ErrorKind::unreachable, "unreachable", "no"},
                         Row{"create_video", ErrorKind::interrupted, "outcome_unknown", "unknown"},
                         Row{"get_video_status", ErrorKind::unreachable, "unreachable", "no"},
                         Row{"get_video_status", ErrorKind::interrupted, "interrupted", "no"}}) {
    CAPTURE(row.tool);
    Bench bench;
    const bool is_create = std::string_view(row.tool) == "create_video";
    for (int i = 0; i < 8; ++i) bench.http.fail(row.net, "the network said no");
    const auto result =
        is_create ? bench.call("create_video", {{"prompt", "A film."}}) : bench.get_status();
    CHECK(facts(result)["kind"] == row.kind);
    CHECK(facts(result)["spent"] == row.spent);
    CHECK(text_of(result).find("the network said no") != std::string::npos);
    if (row.net == ErrorKind::interrupted) CHECK(bench.count("POST") == (is_create ? 1 : 0));
  }
}

TEST_CASE("an unknown job is named in the error") {
  Bench bench;
  bench.http.reply(404, test::vendor_text("error-404"));
  const auto result = bench.get_status();
  CHECK(text_of(result) ==
        "get_video_status failed and nothing was spent: no such job for this key: the job is "
        "unknown or another account's, the Motion API does not say which (404: \"Job not found\"). "
        "Job: 405d47cf-f72b-4852-b570-0de2446dbba1. Check the job_id, and that the key belongs to "
        "the account that made the job.");
  CHECK(facts(result)["job_id"] == test::kJobId);
}
