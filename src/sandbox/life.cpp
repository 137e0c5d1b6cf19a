#include "sandbox/life.h"

#include <span>

namespace motion_mcp::sandbox {
namespace {

using std::chrono::seconds;

struct Step {
  seconds age;
  std::string_view status;
  std::string_view output_status = {};
};

// Ages, statuses and their order after the example of seed 000 and the table of seed 002.
constexpr Step kUsual[] = {{seconds(0), "queued"},
                           {seconds(15), "created"},
                           {seconds(45), "running"},
                           {seconds(555), "completed", "pending"},
                           {seconds(565), "completed", "queued"},
                           {seconds(575), "completed", "processing"},
                           {seconds(600), "completed", "completed"}};
static_assert(kUsualRun == kUsual[6].age);

constexpr Step kFail[] = {{seconds(0), "queued"},
                          {seconds(15), "created"},
                          {seconds(45), "running"},
                          {seconds(300), "failed"}};

// The vendor's pages do not spell the status of a file that could not be rendered; clients in use
// look for this word.
constexpr Step kOutputFail[] = {{seconds(0), "queued"},
                                {seconds(15), "created"},
                                {seconds(45), "running"},
                                {seconds(555), "completed", "pending"},
                                {seconds(575), "completed", "processing"},
                                {seconds(600), "completed", "failed"}};

constexpr Step kAwaitInput[] = {{seconds(0), "queued"},
                                {seconds(15), "created"},
                                {seconds(45), "running"},
                                {seconds(120), "awaiting_user_input"}};

constexpr Step kStuck[] = {
    {seconds(0), "queued"}, {seconds(15), "created"}, {seconds(45), "running"}};

constexpr Step kUnknownStatus[] = {{seconds(0), "queued"},
                                   {seconds(15), "created"},
                                   {seconds(45), "running"},
                                   {seconds(120), "storyboarding"},
                                   {seconds(555), "completed", "pending"},
                                   {seconds(575), "completed", "transcoding"},
                                   {seconds(600), "completed", "completed"}};

constexpr double kSlowFactor = 10;

std::span<const Step> steps_of(Case chosen) {
  switch (chosen) {
    case Case::fail:
    case Case::credits_run_out:
      return kFail;
    case Case::output_fail:
      return kOutputFail;
    case Case::await_input:
      return kAwaitInput;
    case Case::stuck:
      return kStuck;
    case Case::unknown_status:
      return kUnknownStatus;
    case Case::usual:
    case Case::slow:
    case Case::no_credits:
    case Case::pro_feature:
    case Case::rate_limit:
    case Case::error_500:
    case Case::charge_then_500:
      break;
  }
  return kUsual;
}

}  // namespace

Moment moment_of(Case chosen, VendorTime age) {
  const double factor = chosen == Case::slow ? kSlowFactor : 1;
  Moment moment;
  for (const Step& step : steps_of(chosen)) {
    const VendorTime begins = step.age * factor;
    if (age < begins) break;
    moment.status = step.status;
    moment.output_status = step.output_status;
    moment.updated = begins;
    if (step.status == "completed" && !moment.completed) moment.completed = begins;
    if (step.output_status == "completed") moment.output_completed = begins;
  }
  return moment;
}

}  // namespace motion_mcp::sandbox
