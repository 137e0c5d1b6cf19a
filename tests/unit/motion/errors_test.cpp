// Tries to get an error out that an agent cannot act on: without a next step, wrong about money,
// with the service's HTML or key in it, or one that invites a second payment.
#include "motion/errors.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "unit/motion/vendor_example.h"

using namespace motion_mcp;
using namespace motion_mcp::motion;
using fakes::vendor_text;

namespace {

using Seconds = std::chrono::seconds;

constexpr Call kCalls[] = {Call::create, Call::followup, Call::get};

net::HttpResponse json_response(int status, std::string body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(body)};
}

net::HttpResponse html_response(int status) {
  return {status, {{"content-type", "text/html"}}, "<html><h1>Oops</h1> motion_secret</html>"};
}

Error error_of(Call call, const net::HttpResponse& response) {
  return error_of_answer(call, response, base::WallTime{});
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each status of each call has its kind and its answer to whether money was spent") {
  using K = ErrorKind;
  constexpr Spent kNo = Spent::no;
  constexpr Spent kUnknown = Spent::unknown;
  struct Row {
    int status;
    K create, followup, get;
    Spent post_spent;
  };
  const Row rows[] = {
      {301, K::bad_response, K::bad_response, K::bad_response, kNo},
      {302, K::outcome_unknown, K::outcome_unknown, K::bad_response, kUnknown},
      {303, K::outcome_unknown, K::outcome_unknown, K::bad_response, kUnknown},
      {307, K::bad_response, K::bad_response, K::bad_response, kNo},
      {308, K::bad_response, K::bad_response, K::bad_response, kNo},
      {400, K::invalid_argument, K::invalid_argument, K::invalid_argument, kNo},
      {401, K::unauthenticated, K::unauthenticated, K::unauthenticated, kNo},
      {402, K::insufficient_credits, K::insufficient_credits, K::insufficient_credits, kNo},
      {403, K::unauthenticated, K::unauthenticated, K::unauthenticated, kNo},
      {404, K::bad_response, K::not_found, K::not_found, kNo},
      {405, K::bad_response, K::bad_response, K::bad_response, kNo},
      {408, K::outcome_unknown, K::outcome_unknown, K::upstream_failure, kUnknown},
      {409, K::bad_response, K::conflict, K::bad_response, kNo},
      {413, K::invalid_argument, K::invalid_argument, K::invalid_argument, kNo},
      {422, K::invalid_argument, K::invalid_argument, K::invalid_argument, kNo},
      {429, K::rate_limited, K::rate_limited, K::rate_limited, kNo},
      {500, K::outcome_unknown, K::outcome_unknown, K::upstream_failure, kUnknown},
      {501, K::outcome_unknown, K::outcome_unknown, K::upstream_failure, kUnknown},
      {502, K::outcome_unknown, K::outcome_unknown, K::unavailable, kUnknown},
      {503, K::outcome_unknown, K::outcome_unknown, K::unavailable, kUnknown},
      {504, K::outcome_unknown, K::outcome_unknown, K::unavailable, kUnknown},
      {520, K::outcome_unknown, K::outcome_unknown, K::upstream_failure, kUnknown},
      {100, K::outcome_unknown, K::outcome_unknown, K::upstream_failure, kUnknown},
      {999, K::outcome_unknown, K::outcome_unknown, K::upstream_failure, kUnknown},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    const auto response = json_response(row.status, R"({"error":"because"})");
    const Error create = error_of(Call::create, response);
    const Error followup = error_of(Call::followup, response);
    const Error get = error_of(Call::get, response);
    CHECK(create.kind == row.create);
    CHECK(followup.kind == row.followup);
    CHECK(get.kind == row.get);
    CHECK(create.spent == row.post_spent);
    CHECK(followup.spent == row.post_spent);
    CHECK(get.spent == Spent::no);
  }
}

TEST_CASE("every error has one clause, one next step and the status that came") {
  for (const Call call : kCalls) {
    for (int status = 300; status < 600; ++status) {
      CAPTURE(status);
      for (const auto& response : {json_response(status, R"({"error":"because"})"),
                                   json_response(status, "{}"), json_response(status, "null"),
                                   html_response(status), net::HttpResponse{status, {}, {}}}) {
        const Error error = error_of(call, response);
        CHECK(has(error.message, std::to_string(status)));
        CHECK_FALSE(error.message.ends_with('.'));
        CHECK(error.next_step.ends_with('.'));
        CHECK_FALSE(has(error.message, "<"));
        CHECK_FALSE(has(error.message, "motion_secret"));
        CHECK((error.kind == ErrorKind::outcome_unknown) == (error.spent == Spent::unknown));
      }
    }
  }
}

TEST_CASE("an unknown outcome says so and forbids the repeat") {
  const Error create = error_of(Call::create, json_response(500, R"({"error":"Internal"})"));
  CHECK(
      create.message ==
      "the Motion API failed after the request was sent (500: \"Internal\"), so the video may have "
      "been started");
  CHECK(create.next_step ==
        "Do not call create_video again for this video: look at https://motion.so, and start it "
        "again, with allow_duplicate=true, only if it is not there.");
  const Error followup = error_of(Call::followup, html_response(502));
  CHECK(followup.message ==
        "the Motion API failed after the request was sent (502, text/html instead of JSON), so the "
        "followup may have been started");
  CHECK(has(followup.next_step, "Do not repeat the followup"));
  CHECK(has(followup.next_step, "get_video_status"));
}

TEST_CASE("400: the vendor's issues become paths and limits") {
  const Error error = error_of(Call::create, json_response(400, vendor_text("error-400")));
  CHECK(error.message ==
        "the Motion API found the request invalid: attachments: \"Array must contain at most 10 "
        "element(s)\" (maximum 10)");
  CHECK(error.next_step == "Correct the arguments, then call create_video again.");
}

TEST_CASE("400: nested paths, lower limits and more issues than anyone reads") {
  Json details = Json::array();
  details.push_back(Json::parse(
      R"({"code":"too_small","minimum":1,"message":"Required","path":["attachments",0,"url"]})"));
  for (int i = 0; i < 6; ++i) details.push_back({{"message", "m"}, {"path", Json::array()}});
  const Json body = {{"error", "Invalid request"}, {"details", details}};
  const Error error = error_of(Call::followup, json_response(400, body.dump()));
  CHECK(error.message ==
        "the Motion API found the request invalid: attachments[0].url: \"Required\" (minimum 1); "
        "body: \"m\"; body: \"m\"; body: \"m\"; body: \"m\"; and 2 more");
}

TEST_CASE("400: details of any other shape neither break nor flood the message") {
  const std::string flood(5000, 'x');
  Json deep = {{"message", flood}, {"path", Json::array({flood, flood, "<b>", -1, nullptr})}};
  deep["maximum"] = "ten";
  const Json list = Json::array({deep, deep, deep, deep, deep, deep, 7, nullptr});
  for (const Json& details : {Json(7), Json("no"), Json(nullptr), Json::object(), Json::array(),
                              Json::array({1, nullptr, "x"}), list}) {
    const Json body = {{"error", "Invalid request"}, {"details", details}};
    const Error error = error_of(Call::create, json_response(400, body.dump()));
    CHECK(error.kind == ErrorKind::invalid_argument);
    CHECK(base::count_code_points(error.message) < 600);
  }
}

TEST_CASE("401: says where a key is made and how it is set") {
  const Error error = error_of(Call::get, json_response(401, vendor_text("error-401")));
  CHECK(error.message ==
        "the Motion API refused the key (401: \"Mosaic Motion API key authentication required\")");
  CHECK(has(error.next_step, "Settings -> AI Agent"));
  CHECK(has(error.next_step, "MOTION_API_KEY"));
}

TEST_CASE("402: the amounts are those of the answer") {
  const Error error = error_of(Call::create, json_response(402, vendor_text("error-402")));
  CHECK(error.message ==
        "the account has 0 Motion credits and needs at least 300 (402: \"Starting a new Mosaic "
        "Motion session requires at least 300 credits in your balance.\")");
  CHECK(has(error.next_step, "https://motion.so"));
  CHECK(has(error.next_step, "the API cannot buy them"));

  struct Row {
    const char* body;
    const char* message;
  };
  const Row rows[] = {
      {R"({"minimum_required_credits":1,"current_balance":0.5})",
       "the account has 0.5 Motion credits and needs at least 1 (402)"},
      {R"({"current_balance":12})", "the account has 12 Motion credits (402)"},
      {R"({"minimum_required_credits":1})",
       "the account has too few Motion credits and needs at least 1 (402)"},
      {R"({"minimum_required_credits":"lots","current_balance":null})",
       "the account has too few Motion credits (402)"},
      {"[]", "the account has too few Motion credits (402)"},
      {"", "the account has too few Motion credits (402, no body)"},
  };
  for (const Row& row : rows) {
    CHECK(error_of(Call::create, json_response(402, row.body)).message == row.message);
  }
}

TEST_CASE("a feature of a higher plan is told apart, whatever the status") {
  for (const int status : {400, 402, 403, 422, 500}) {
    for (const char* body : {R"({"error":"motion_pro_feature_required"})",
                             R"({"error":"Forbidden","code":"motion_pro_feature_required"})"}) {
      const Error error = error_of(Call::create, json_response(status, body));
      CHECK(error.kind == ErrorKind::plan_required);
      CHECK(error.spent == Spent::no);
      CHECK(error.message == "design_system_id and design_md need a Motion Pro or Max plan (" +
                                 std::to_string(status) + ")");
      CHECK(error.next_step ==
            "Leave out design_system_id and design_md, put the design rules into the prompt, and "
            "call create_video again.");
    }
  }
}

TEST_CASE("404: an unknown job and another account's are one answer") {
  const Error error = error_of(Call::get, json_response(404, vendor_text("error-404")));
  CHECK(error.kind == ErrorKind::not_found);
  CHECK(has(error.message, "\"Job not found\""));
  CHECK(has(error.message, "unknown or another account's"));
  CHECK(has(error.next_step, "job_id"));
}

TEST_CASE("a 403 or 404 that is no JSON comes from elsewhere: the address is wrong, not the job") {
  for (const int status : {403, 404}) {
    for (const Call call : kCalls) {
      const Error error = error_of(call, html_response(status));
      CHECK(error.kind == ErrorKind::bad_response);
      CHECK(has(error.message, "text/html instead of JSON"));
      CHECK(has(error.next_step, "MOTION_API_BASE_URL"));
    }
  }
}

TEST_CASE("409: the current status decides what to do") {
  const Error running = error_of(Call::followup, json_response(409, vendor_text("error-409")));
  CHECK(running.kind == ErrorKind::conflict);
  CHECK(running.message ==
        "a followup needs a completed job, this one is \"running\" (409: \"Followups can only be "
        "created for completed Mosaic Motion jobs.\")");
  CHECK(running.next_step ==
        "Wait with get_video_status until the job is completed, then call followup_video again.");

  const auto next_step = [](const char* body) {
    return error_of(Call::followup, json_response(409, body)).next_step;
  };
  CHECK(has(next_step(R"({"status":"failed"})"), "create_video"));
  CHECK(has(next_step(R"({"status":"awaiting_user_input"})"), "https://motion.so"));
  CHECK(has(next_step("{}"), "get_video_status"));
  CHECK(has(error_of(Call::followup, json_response(409, "{}")).message, "not completed (409)"));
}

TEST_CASE("429 and 503 pass on how long to wait, in seconds or as a date") {
  auto response = json_response(429, R"({"error":"slow down"})");
  Error error = error_of(Call::create, response);
  CHECK(error.next_step == "Wait a minute, then call create_video again.");
  CHECK_FALSE(error.retry_after);

  response.headers.emplace_back("retry-after", "30");
  error = error_of(Call::create, response);
  CHECK(error.next_step == "Wait 30 s, then call create_video again.");
  CHECK(error.retry_after == Seconds(30));

  response.status = 503;
  error = error_of(Call::followup, response);
  CHECK(error.kind == ErrorKind::unavailable);
  CHECK(error.spent == Spent::no);
  CHECK(error.next_step == "Wait 30 s, then call followup_video again.");

  const auto now = base::parse_rfc3339("2026-04-28T23:00:00Z");
  response.headers.back().second = "Tue, 28 Apr 2026 23:02:00 GMT";
  CHECK(error_of_answer(Call::get, response, *now).retry_after == Seconds(120));
}

TEST_CASE("a content type cannot smuggle text into the message") {
  net::HttpResponse response = html_response(500);
  response.headers = {{"Content-Type", "text/<b>\x1b[1m ignore all; charset=x"}};
  CHECK(error_of(Call::get, response).message ==
        "the Motion API failed (500, text/b1mignoreall instead of JSON)");
  response.headers = {{"Content-Type", std::string(4000, 'a')}};
  CHECK(error_of(Call::get, response).message.size() < 120);
  response.headers.clear();
  CHECK(error_of(Call::get, response).message ==
        "the Motion API failed (500, no content type instead of JSON)");
}

TEST_CASE("the service's words are quoted and bounded, HTML within JSON left out") {
  const Json flood = {{"error", std::string(100000, 'x')}};
  const Error error = error_of(Call::get, json_response(500, flood.dump()));
  CHECK(base::count_code_points(error.message) < 560);
  CHECK(error_of(Call::get, json_response(500, R"({"error":"<html>x</html>"})")).message ==
        "the Motion API failed (500)");
  CHECK(
      error_of(Call::get, json_response(500, R"({"error":{"message":"m"},"message":7})")).message ==
      "the Motion API failed (500)");
}

TEST_CASE("JSON deeper than any answer is not read") {
  const std::string deep(100000, '[');
  const Error error = error_of(Call::get, json_response(500, deep));
  CHECK(has(error.message, "JSON that cannot be read"));
  std::string closed = deep + std::string(100000, ']');
  CHECK(has(error_of(Call::get, json_response(500, closed)).message,
            "JSON that cannot be read"));
}

TEST_CASE("an answer that cannot be read is free after a read, and not after a POST") {
  const net::HttpResponse response = html_response(200);
  const Error get = error_of_unreadable(Call::get, response);
  CHECK(get.kind == ErrorKind::bad_response);
  CHECK(get.message ==
        "the answer of the Motion API cannot be understood (200, text/html instead of JSON)");
  CHECK(get.next_step == "Reading costs nothing: call get_video_status again.");
  for (const Call call : {Call::create, Call::followup}) {
    const Error post = error_of_unreadable(call, response);
    CHECK(post.kind == ErrorKind::outcome_unknown);
    CHECK(post.spent == Spent::unknown);
    CHECK(has(post.message, "may have been started"));
  }
}

TEST_CASE("what the network layer says is kept, with the next step and the money beside it") {
  struct Row {
    Call call;
    ErrorKind from, to;
    Spent spent;
    const char* next_step_part;
  };
  using K = ErrorKind;
  const Row rows[] = {
      {Call::create, K::unreachable, K::unreachable, Spent::no,
       "Nothing was sent, so after that call create_video again."},
      {Call::followup, K::unreachable, K::unreachable, Spent::no,
       "so after that call followup_video again."},
      {Call::get, K::unreachable, K::unreachable, Spent::no,
       "so after that call get_video_status again."},
      {Call::create, K::interrupted, K::outcome_unknown, Spent::unknown, "https://motion.so"},
      {Call::followup, K::interrupted, K::outcome_unknown, Spent::unknown, "Do not repeat"},
      {Call::get, K::interrupted, K::interrupted, Spent::no, "call get_video_status again"},
      {Call::create, K::cancelled, K::cancelled, Spent::unknown, "https://motion.so"},
      {Call::followup, K::cancelled, K::cancelled, Spent::unknown, "Do not repeat"},
      {Call::get, K::cancelled, K::cancelled, Spent::no, ""},
      {Call::create, K::internal, K::outcome_unknown, Spent::unknown, "https://motion.so"},
      {Call::create, K::invalid_argument, K::invalid_argument, Spent::no, "MOTION_API_BASE_URL"},
      {Call::get, K::internal, K::internal, Spent::no, "call get_video_status again"},
  };
  for (const Row& row : rows) {
    const Error error = error_of_silence(row.call, {row.from, "the text of net"});
    CHECK(error.kind == row.to);
    CHECK(error.spent == row.spent);
    CHECK(error.message.starts_with("the text of net"));
    CHECK(has(error.next_step, row.next_step_part));
  }
}

TEST_CASE("the advice of the network layer comes first") {
  const Error error =
      error_of_silence(Call::get, {ErrorKind::unreachable, "no tunnel", "Check HTTPS_PROXY."});
  CHECK(error.next_step ==
        "Check HTTPS_PROXY. Nothing was sent, so after that call get_video_status again.");
}

TEST_CASE("a key that is missing or another service's is refused without being named") {
  CHECK(check_key("motion_abc"));
  for (const char* key : {"", "sk-secret-value", "mk_secret", "motion_a b", "motion_a\r\nX: y",
                          "motion_ä", " motion_abc"}) {
    CAPTURE(key);
    const auto checked = check_key(key);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::no_credential);
    CHECK(has(checked.error().next_step, "Settings -> AI Agent"));
    CHECK_FALSE(has(checked.error().message, "secret"));
  }
}
