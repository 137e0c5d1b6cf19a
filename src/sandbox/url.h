#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::sandbox {

// The lower-case host of an absolute http or https URL; empty for any other text.
std::string http_host(std::string_view url);

// A host of YouTube's that a style reference may be on.
bool is_youtube_host(std::string_view lower_case_host);

}  // namespace motion_mcp::sandbox
