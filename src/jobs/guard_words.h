#pragma once

// What the spend guard says when it sends nothing, in words for an agent.

#include <chrono>
#include <string>

#include "base/result.h"
#include "jobs/order.h"

namespace motion_mcp::jobs {

// "40 seconds", "2 minutes", "1 hour", rounded up.
std::string in_words(std::chrono::seconds span);

// The same order was sent `age` ago, and nobody knows whether it was taken. Within `frees_in` it
// stands in the way.
Error outcome_of_prior_unknown(const PriorOrder& prior, std::chrono::seconds age,
                               std::chrono::seconds frees_in);

Error approval_used(const OrderWords& words);

Error ceiling_reached(const CeilingReached& reached, base::WallTime now, const OrderWords& words);

}  // namespace motion_mcp::jobs
