// Tries to lose or invent something on the way to the service and back: a field dropped from a
// brief, a character bent, a job refused because the vendor added or changed what we do not need.
#include "motion/types.h"

#include <doctest/doctest.h>

#include "unit/motion/vendor_example.h"

using namespace motion_mcp;
using namespace motion_mcp::motion;
using fakes::vendor_json;

namespace {

Job completed_job_with(const Json& changes) {
  Json body = vendor_json("status-completed");
  body.update(changes);
  const auto job = job_from_json(body);
  REQUIRE(job);
  return *job;
}

}  // namespace

TEST_CASE("every request of the vendor's pages is sent on as it is, in its order") {
  for (const char* name : {"create-request", "create-full-request", "create-request-attachment",
                           "followup-request", "followup-request-reference"}) {
    CAPTURE(name);
    const Json request = vendor_json(name);
    CHECK(to_json(brief_from_json(request)).dump() == request.dump());
  }
}

TEST_CASE("every field of a brief survives the round trip, alone and with all the others") {
  const Json all = Json::parse(R"({
    "prompt": "Ünïcode 😀 \u0000 \" \\ \n שלום",
    "aspect_ratio": "21:9",
    "duration": "<10s",
    "design_system_id": "some-later-id",
    "design_md": {"filename": "MEINE REGELN.md", "content": "# Größe\n"},
    "style_reference_url": "https://youtu.be/dQw4w9WgXcQ?t=1&x=ä",
    "attachments": [
      {"url": "https://a.example/1", "name": "名", "type": "audio", "content_type": "audio/ogg"},
      {"url": "http://a.example/2"}
    ]
  })");
  CHECK(to_json(brief_from_json(all)).dump() == all.dump());
  for (const auto& [key, value] : all.items()) {
    Json one = {{"prompt", "p"}};
    one[key] = value;
    CHECK(to_json(brief_from_json(one)).dump() == one.dump());
  }
}

TEST_CASE("a design document keeps its form: a text, a file, a file without a name") {
  for (const char* design :
       {R"("# Rules")", R"({"filename":"D.md","content":"# Rules"})", R"({"content":"# Rules"})"}) {
    Json brief = {{"prompt", "p"}};
    brief["design_md"] = Json::parse(design);
    CHECK(to_json(brief_from_json(brief)).dump() == brief.dump());
  }
}

TEST_CASE("an empty list of attachments is sent as one, an absent one is not sent") {
  const Json with_list = {{"prompt", "p"}, {"attachments", Json::array()}};
  CHECK(to_json(brief_from_json(with_list)).dump() == R"({"prompt":"p","attachments":[]})");
  CHECK(to_json(brief_from_json({{"prompt", "p"}})).dump() == R"({"prompt":"p"})");
}

TEST_CASE("arguments that are not the vendor's are not sent") {
  const Json arguments = {{"job_id", "405d47cf"}, {"prompt", "p"}, {"allow_duplicate", true}};
  CHECK(to_json(brief_from_json(arguments)).dump() == R"({"prompt":"p"})");
}

TEST_CASE("the vendor's answer to an accepted request is understood") {
  const auto started = started_from_json(vendor_json("create-response"));
  REQUIRE(started);
  CHECK(started->job_id == "405d47cf-f72b-4852-b570-0de2446dbba1");
  CHECK(started->status == "queued");
  CHECK(started->status_url == "/api/motion/sessions/405d47cf-f72b-4852-b570-0de2446dbba1");
}

TEST_CASE("a started job needs nothing but its id") {
  const auto started = started_from_json({{"job_id", "j"}, {"status", 3}});
  REQUIRE(started);
  CHECK(started->status.empty());
  CHECK(started->status_url.empty());
}

TEST_CASE("an answer without the fields that everything depends on is bad") {
  for (const char* body : {"null", "[]", "{}", "\"405d\"", R"({"job_id":7})", R"({"job_id":""})",
                           R"({"job_id":null,"status":"queued"})"}) {
    CAPTURE(body);
    const auto started = started_from_json(Json::parse(body));
    REQUIRE_FALSE(started);
    CHECK(started.error().kind == ErrorKind::bad_response);
    CHECK_FALSE(job_from_json(Json::parse(body)));
  }
  for (const char* body : {R"({"job_id":"j"})", R"({"job_id":"j","status":null})",
                           R"({"job_id":"j","status":{}})", R"({"job_id":"j","status":""})"}) {
    CAPTURE(body);
    CHECK_FALSE(job_from_json(Json::parse(body)));
  }
}

TEST_CASE(
    "the vendor's running job is understood, from the page without output and from the later") {
  for (const char* name : {"status-running", "status-running-no-output"}) {
    CAPTURE(name);
    const auto job = job_from_json(vendor_json(name));
    REQUIRE(job);
    CHECK(job->job_id == "405d47cf-f72b-4852-b570-0de2446dbba1");
    CHECK(job->status == "running");
    CHECK(job->created_at == "2026-04-28T23:01:04.198Z");
    CHECK(job->updated_at == "2026-04-28T23:01:23.695Z");
    CHECK_FALSE(job->completed_at);
    CHECK_FALSE(job->error);
    CHECK_FALSE(job->pending_user_input);
    CHECK_FALSE(job->output);
    CHECK(job->sources == Json::array());
  }
}

TEST_CASE("the vendor's completed job is understood, its sources untouched") {
  const Json body = vendor_json("status-completed");
  const auto job = job_from_json(body);
  REQUIRE(job);
  CHECK(job->completed_at == "2026-04-28T23:05:58.695Z");
  REQUIRE(job->output);
  CHECK(job->output->status == "completed");
  CHECK(job->output->download_url == "https://storage.googleapis.com/...");
  CHECK(job->output->expires_at == "2026-04-29T00:06:43.695Z");
  CHECK(job->output->completed_at == "2026-04-28T23:06:41.112Z");
  CHECK_FALSE(job->output->error);
  CHECK(job->sources.dump() == body["sources"].dump());
}

TEST_CASE("a new status, new fields and strange sources pass") {
  const Job job = completed_job_with(Json::parse(
      R"({"status":"paused","progress":{"percent":10},"chat_url":null,
          "output":{"status":"baking","bytes":7},"sources":[null,7,{"new":{"deep":[1.5]}}]})"));
  CHECK(job.status == "paused");
  CHECK(job.other.dump() == R"({"progress":{"percent":10}})");
  CHECK(job.output->other.dump() == R"({"bytes":7})");
  CHECK(job.sources.dump() == R"([null,7,{"new":{"deep":[1.5]}}])");
}

TEST_CASE("an optional field of another type counts as absent") {
  const Job job = completed_job_with(Json::parse(
      R"({"created_at":1,"updated_at":{},"completed_at":true,"error":7,"output":"soon",
          "pending_user_input":"yes","sources":{"a":1}})"));
  CHECK_FALSE(job.created_at);
  CHECK_FALSE(job.updated_at);
  CHECK_FALSE(job.completed_at);
  CHECK_FALSE(job.error);
  CHECK_FALSE(job.output);
  CHECK_FALSE(job.pending_user_input);
  CHECK(job.sources == Json::array());
}

TEST_CASE("a waiting job that does not say so in pending_user_input is taken at its status") {
  Json body = {{"job_id", "j"}, {"status", "awaiting_user_input"}};
  CHECK(job_from_json(body)->pending_user_input);
  body["pending_user_input"] = false;
  CHECK_FALSE(job_from_json(body)->pending_user_input);
}

TEST_CASE("an error is read as text, whatever form the service gives it") {
  struct Row {
    const char* sent;
    std::optional<std::string> read;
  };
  const Row rows[] = {
      {R"("no credits")", "no credits"},
      {R"("")", std::nullopt},
      {"null", std::nullopt},
      {"false", std::nullopt},
      {"{}", std::nullopt},
      {R"({"code":"c","message":"the scene failed"})", "the scene failed"},
      {R"({"code":"insufficient_credits","message":"The account ran out."})",
       "insufficient_credits: The account ran out."},
      {R"({"code":"E7","message":"E7: the scene failed"})", "E7: the scene failed"},
      {R"({"code":"E7","error":"the scene failed"})", "E7: the scene failed"},
      {R"({"code":7,"message":"the scene failed"})", "the scene failed"},
      {R"({"code":"","message":"the scene failed"})", "the scene failed"},
      {R"({"error":"insufficient_credits"})", "insufficient_credits"},
      {R"({"message":{"de":"x"},"error":3})", R"({"message":{"de":"x"},"error":3})"},
      {R"({"code":"E7"})", R"({"code":"E7"})"},
      {R"(["a","b"])", R"(["a","b"])"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.sent);
    Json change = {{"error", Json::parse(row.sent)}};
    change["output"] = {{"status", "failed"}, {"error", Json::parse(row.sent)}};
    const Job job = completed_job_with(change);
    CHECK(job.error == row.read);
    REQUIRE(job.output);
    CHECK(job.output->error == row.read);
  }
}
