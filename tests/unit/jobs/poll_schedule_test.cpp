// Tries to make a job be read too often or too seldom, before the service wants it, or given up for
// a status that is not known to be final.
#include "jobs/poll_schedule.h"

#include <doctest/doctest.h>

#include <vector>

using namespace motion_mcp;
using jobs::is_final;
using jobs::Look;
using jobs::pause_after;
using motion::Stage;
using namespace std::chrono_literals;

namespace {

constexpr double kNoJitter = 0.5;

Look seen(Stage stage) {
  jobs::JobView view;
  view.stage = stage;
  return view;
}

Look failed(ErrorKind kind, std::optional<std::chrono::seconds> retry_after = {}) {
  Error error{kind, "scripted"};
  error.retry_after = retry_after;
  return error;
}

}  // namespace

TEST_CASE("pauses grow from two seconds to twenty and stay there") {
  std::vector<std::chrono::milliseconds> pauses;
  for (const std::size_t reads : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 1000U}) {
    pauses.push_back(pause_after(reads, seen(Stage::waiting), kNoJitter));
  }
  CHECK(pauses ==
        std::vector<std::chrono::milliseconds>{2s, 3s, 5s, 5s, 8s, 12s, 15s, 20s, 20s, 20s});
}

TEST_CASE("chance moves a pause by a fifth, and never above twenty seconds") {
  CHECK(pause_after(5, seen(Stage::waiting), 0) == 6400ms);
  CHECK(pause_after(5, seen(Stage::waiting), 0.999999) == 9600ms);
  CHECK(pause_after(9, seen(Stage::waiting), 0) == 16s);
  CHECK(pause_after(9, seen(Stage::waiting), 0.999999) == 20s);
}

TEST_CASE("a file that is being rendered is looked for every five seconds") {
  CHECK(pause_after(1, seen(Stage::rendering), kNoJitter) == 2s);
  CHECK(pause_after(9, seen(Stage::rendering), kNoJitter) == 5s);
  CHECK(pause_after(9, seen(Stage::previous_output), kNoJitter) == 20s);
}

TEST_CASE("a Retry-After is waited for in full, a shorter one shortens nothing") {
  CHECK(pause_after(1, failed(ErrorKind::rate_limited, 90s), 0) == 90s);
  CHECK(pause_after(5, failed(ErrorKind::unavailable, 1s), kNoJitter) == 8s);
  CHECK(pause_after(1, failed(ErrorKind::unreachable), kNoJitter) == 2s);
}

TEST_CASE("only stages and refusals that are known to be final are") {
  for (const Stage stage :
       {Stage::ready, Stage::failed, Stage::output_failed, Stage::awaiting_user_input}) {
    CHECK(is_final(seen(stage)));
  }
  for (const Stage stage : {Stage::waiting, Stage::rendering, Stage::previous_output}) {
    CHECK(!is_final(seen(stage)));
  }
  for (const ErrorKind kind : {ErrorKind::unauthenticated, ErrorKind::not_found,
                               ErrorKind::no_credential, ErrorKind::invalid_argument}) {
    CHECK(is_final(failed(kind)));
  }
  for (const ErrorKind kind :
       {ErrorKind::unreachable, ErrorKind::interrupted, ErrorKind::rate_limited,
        ErrorKind::unavailable, ErrorKind::upstream_failure, ErrorKind::bad_response}) {
    CHECK(!is_final(failed(kind)));
  }
}
