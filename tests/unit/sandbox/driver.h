#pragma once

// Drives the sandbox without sockets, on a clock that tests move.

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "fakes/manual_clock.h"
#include "sandbox/sandbox.h"

namespace motion_mcp::sandbox {

inline constexpr std::string_view kSessionsPath = "/api/motion/sessions";

struct Driver {
  explicit Driver(double speed = 1) : sandbox(clock, speed, "http://127.0.0.1:1") {}

  Reply send(std::string method, std::string target, std::string body = {}) {
    Request request{std::move(method),  std::move(target),   "Bearer " + key,
                    "application/json", "sandbox.test:8080", {},
                    std::move(body)};
    return sandbox.handle(request);
  }

  // `brief` is a whole body, or the prompt alone.
  Reply create(const Json& brief) { return send("POST", std::string(kSessionsPath), text(brief)); }
  Reply follow_up(const std::string& job_id, const Json& brief) {
    return send("POST", job_path(job_id) + "/followups", text(brief));
  }
  Reply get(const std::string& job_id) { return send("GET", job_path(job_id)); }

  // The id of a new job; the create must be accepted.
  std::string start(const Json& brief) {
    const Reply reply = create(brief);
    REQUIRE(reply.status == 202);
    return json(reply).at("job_id");
  }
  Json status(const std::string& job_id) {
    const Reply reply = get(job_id);
    REQUIRE(reply.status == 200);
    return json(reply);
  }
  // Time passes until a usual run is ready; returns what a read then shows.
  Json finish(const std::string& job_id) {
    clock.advance(std::chrono::minutes(10));
    return status(job_id);
  }
  Json ledger() { return json(send("GET", "/_sandbox/ledger")); }

  static std::string text(const Json& brief) {
    return brief.is_string() ? Json{{"prompt", brief}}.dump() : brief.dump();
  }
  static std::string job_path(const std::string& job_id) {
    return std::string(kSessionsPath) + "/" + job_id;
  }
  static Json json(const Reply& reply) {
    CHECK(reply.content_type == "application/json; charset=utf-8");
    Json body = Json::parse(reply.body, nullptr, false);
    REQUIRE_FALSE(body.is_discarded());
    return body;
  }

  fakes::ManualClock clock;
  std::string key = "motion_test_key";
  Sandbox sandbox;
};

}  // namespace motion_mcp::sandbox
