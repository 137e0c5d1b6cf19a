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

// The step of that read, no longer than `longest`.
milliseconds pause_for(std::size_t reads, milliseconds longest, const Error* error,
                       double random_unit) {
  const milliseconds step = kPauses.at(std::clamp<std::size_t>(reads, 1, kPauses.size()) - 1);
  const double factor = 1 - kJitter + 2 * kJitter * random_unit;
  const auto jittered = std::chrono::round<milliseconds>(std::min(step, longest) * factor);
  const auto pause = std::min<milliseconds>(jittered, kMaxPollPause);
  if (error == nullptr || !error->retry_after) return pause;
  return std::max<milliseconds>(pause, *error->retry_after);
}

template <class Look>
const Error* error_of(const Look& look) {
  return look ? nullptr : &look.error();
}

}  // namespace

bool is_final(const Look& look) {
  return look ? motion::is_settled(look->stage) : !may_pass(look.error().kind);
}

bool is_final(const ClipLook& look) {
  return look ? mosaic::is_settled(look->stage) : !may_pass(look.error().kind);
}

milliseconds pause_after(std::size_t reads, const Look& last, double random_unit) {
  const bool is_rendering = last && last->stage == motion::Stage::rendering;
  return pause_for(reads, is_rendering ? kRenderingPause : kMaxPollPause, error_of(last),
                   random_unit);
}

milliseconds pause_after(std::size_t reads, const ClipLook& last, double random_unit) {
  return pause_for(reads, kMaxPollPause, error_of(last), random_unit);
}

}  // namespace motion_mcp::jobs
