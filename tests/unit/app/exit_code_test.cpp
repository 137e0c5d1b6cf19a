// Tries to find an outcome that a script would take for another one.

#include "app/exit_code.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace motion_mcp::app {
namespace {

TEST_CASE("each kind of failure has the code that the help documents") {
  const std::pair<ErrorKind, int> expected[] = {
      {ErrorKind::invalid_argument, 2}, {ErrorKind::no_credential, 3},
      {ErrorKind::unauthenticated, 3},  {ErrorKind::insufficient_credits, 4},
      {ErrorKind::plan_required, 4},    {ErrorKind::not_found, 5},
      {ErrorKind::conflict, 5},         {ErrorKind::rate_limited, 6},
      {ErrorKind::unavailable, 6},      {ErrorKind::unreachable, 6},
      {ErrorKind::interrupted, 6},      {ErrorKind::upstream_failure, 6},
      {ErrorKind::outcome_unknown, 7},  {ErrorKind::bad_response, 1},
      {ErrorKind::internal, 1},         {ErrorKind::cancelled, 130},
  };
  for (const auto& row : expected) {
    const auto kind = row.first;
    const int code = row.second;
    CAPTURE(to_string(kind));
    CHECK(static_cast<int>(exit_code_of(kind)) == code);
    CHECK(kExitCodeHelp.find("\n  " + std::to_string(code) + " ") != std::string_view::npos);
  }
}

TEST_CASE("only what may have been paid for says: do not repeat") {
  for (int value = 0; value <= static_cast<int>(ErrorKind::internal); ++value) {
    const auto kind = static_cast<ErrorKind>(value);
    CHECK((exit_code_of(kind) == ExitCode::outcome_unknown) ==
          (kind == ErrorKind::outcome_unknown));
  }
}

}  // namespace
}  // namespace motion_mcp::app
