#pragma once

// What the file of a saved video is called.

#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::tools {

// invalid_argument unless `name` is a plain file name: not empty, no folder, no dot in front,
// nothing that does not show or that some system keeps for itself, at most kMaxFileNameBytes. "" is
// for the name of our choice.
inline constexpr std::size_t kMaxFileNameBytes = 200;
Result<void> check_file_name(std::string_view name);

// A name that passed the check, with .mp4 at its end.
std::string with_mp4(std::string_view name);

// "a-calm-ocean-405d47cf.mp4": the first words of `prompt` (its ASCII letters and digits, about 50)
// and the beginning of the job's id; "video-405d47cf.mp4" when there are none.
std::string file_name_for(std::string_view prompt, std::string_view job_id);

}  // namespace motion_mcp::tools
