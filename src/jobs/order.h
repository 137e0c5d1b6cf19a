#pragma once

// A paid request, as the ledger and the spend guard know it: a create or a followup of Motion, a
// run of Mosaic.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/json.h"
#include "motion/readiness.h"

namespace motion_mcp::jobs {

// What makes two orders the same: SHA-256 over the tool's name and the arguments as canonical JSON
// (members sorted by name, no blanks, nothing added), as 64 hexadecimal digits. Arguments that are
// ours and not the service's (allow_duplicate, confirm_token) do not count, and a job_id counts
// without regard to case.
std::string order_digest(std::string_view tool, const Json& arguments);

enum class OrderState {
  starting,   // written before the POST; what became of it is not known (yet)
  started,    // the service took it
  refused,    // the service certainly did not take it
  uncertain,  // the answer was lost: it may have been taken
};

// How long an order is `starting` before it counts as uncertain: longer than any POST takes
// (motion::Client::Options::post_deadline).
inline constexpr std::chrono::seconds kStartingFor{60};

// How the tools and pages of an order's service are called, in messages.
struct OrderWords {
  std::string_view status_tool = "get_video_status";
  std::string_view id_name = "job_id";
  std::string_view find_tool = "list_videos or get_video_status";
};

// What is written before the POST.
struct NewOrder {
  std::string owner;  // base/owner.h
  std::string tool;
  std::string digest;  // order_digest
  std::string prompt;
  // A followup's: the job it changes, and what that showed before.
  std::string job_id;
  std::optional<motion::FollowupBaseline> baseline;
  // What it takes to find out later whether the service took it (PaidOrder::reconcile); empty where
  // nothing can.
  std::string trace = {};
};

using OrderId = std::int64_t;

// An order that stands in the way of the same one.
struct PriorOrder {
  // `starting` only while its POST may still run; later it counts as uncertain.
  OrderState state = OrderState::uncertain;
  std::string job_id;  // empty while a create is not started
  std::string status;  // the service's last known word for the job; may be empty
  base::WallTime ordered_at;
  OrderId id = 0;
  std::string trace = {};
};

// How many jobs an owner may order; 0 is no ceiling.
struct Ceilings {
  std::int64_t per_hour = 0;
  std::int64_t per_day = 0;
  std::int64_t in_flight = 0;
};

struct CeilingReached {
  enum class Kind { per_hour, per_day, in_flight };
  Kind kind = Kind::per_hour;
  std::int64_t ceiling = 0;
  std::optional<base::WallTime> frees_at;  // of the ceilings over time
  std::string job_id;                      // of in_flight: the oldest that is known by its id
};

// A person's approval was for one order, and that has been sent.
struct ApprovalUsed {};

using Admission = std::variant<OrderId, PriorOrder, CeilingReached, ApprovalUsed>;

}  // namespace motion_mcp::jobs
