#include "jobs/poll_schedule.h"

#include <algorithm>
#include <array>

namespace motion_mcp::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array kPauses = {seconds(2), seconds(3),  seconds(5),  seconds(5),
                                seconds(8), seconds(12), seconds(15), kMaxPollPause};
constexpr seconds kRenderingPause{5};
constexpr double kJitter = 0.2;

bool may_pass(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::rate_limited:
    case ErrorKind::unavailable:
    case ErrorKind::unreachable:
    case ErrorKind::interrupted:
    case ErrorKind::upstream_failure:
    case ErrorKind::bad_response:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool is_final(const Look& look) {
  return look ? motion::is_settled(look->stage) : !may_pass(look.error().kind);
}

milliseconds pause_after(std::size_t reads, const Look& last, double random_unit) {
  milliseconds pause = kPauses.at(std::clamp<std::size_t>(reads, 1, kPauses.size()) - 1);
  if (last && last->stage == motion::Stage::rendering) {
    pause = std::min<milliseconds>(pause, kRenderingPause);
  }
  const double factor = 1 - kJitter + 2 * kJitter * random_unit;
  pause = std::min<milliseconds>(std::chrono::round<milliseconds>(pause * factor), kMaxPollPause);
  if (!last && last.error().retry_after) {
    pause = std::max<milliseconds>(pause, *last.error().retry_after);
  }
  return pause;
}

}  // namespace motion_mcp::jobs
