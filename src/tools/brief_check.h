#pragma once

// What the input schemas cannot say, for the tools' checks: before anything is sent and so before
// anything is spent.

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "motion/types.h"

namespace motion_mcp::tools {

// invalid_argument with every fault, each by the path of its argument: a prompt of white space
// alone, a style reference that is not on YouTube, an attachment that the service cannot fetch.
Result<void> check_brief(const motion::VideoBrief& brief);

// The argument `job_id`; empty when there is none.
std::string job_id_of(const Json& arguments);

// invalid_argument unless `job_id` is a UUID.
Result<void> check_job_id(std::string_view job_id);

}  // namespace motion_mcp::tools
