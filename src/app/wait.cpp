#include "app/wait.h"

#include <algorithm>
#include <string>
#include <utility>

#include "app/exit_code.h"

namespace motion_mcp::app {
namespace {

using std::chrono::seconds;

constexpr int kMaxFailuresInARow = 5;

std::string status_of(const ToolOutcome& outcome) {
  std::string status = string_at(outcome.structured, "status");
  if (status.empty()) status = string_at(outcome.structured, "stage");
  const Json output = outcome.structured.value("output", Json());
  if (const std::string file = string_at(output, "status"); !file.empty()) {
    status += ", file " + file;
  }
  return status;
}

// False when a stop was requested. On a terminal the seconds are counted down.
bool pause(const base::Clock& clock, seconds length, const std::string& status,
           ProgressLine& progress, const std::stop_token& stop) {
  const auto end = clock.now() + length;
  for (;;) {
    const auto left = std::chrono::ceil<seconds>(end - clock.now());
    progress.show(status, "next look in " + std::to_string(left.count()) + " s");
    const auto until = progress.is_live() ? std::min(end, clock.now() + seconds(1)) : end;
    if (!clock.sleep_until(until, stop)) return false;
    if (clock.now() >= end) return true;
  }
}

Error error_of(const ToolOutcome& outcome) {
  Error error{outcome.kind, outcome.text};
  if (error.message.ends_with('.')) error.message.pop_back();
  return error;
}

bool passes_by_itself(ErrorKind kind) {
  return exit_code_of(kind) == ExitCode::try_again;
}

}  // namespace

WaitEnd wait_until_settled(McpClient& client, const base::Clock& clock, ToolOutcome first,
                           ProgressLine& progress, const std::stop_token& stop) {
  const JobReference job = first.job();
  WaitEnd end{std::move(first), std::nullopt};
  if (job.id.empty()) return end;
  std::string status = status_of(end.last);
  int failures = 0;
  while (const auto poll_after = end.last.poll_after()) {
    if (!pause(clock, *poll_after, status, progress, stop)) {
      end.error = Error{ErrorKind::cancelled, "interrupted"};
      return end;
    }
    auto look = call_tool(client, job.status_tool, {{job.id_name, job.id}}, stop);
    if (!look) {
      end.error = std::move(look).error();
      return end;
    }
    if (!look->is_error) {
      end.last = *std::move(look);
      status = status_of(end.last);
      failures = 0;
    } else if (passes_by_itself(look->kind) && ++failures < kMaxFailuresInARow) {
      status = "the last look failed: " + look->text;
    } else {
      end.error = error_of(*look);
      return end;
    }
  }
  return end;
}

}  // namespace motion_mcp::app
