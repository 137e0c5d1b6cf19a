#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::tools {

// The host of `url` in lower case, when `service`, elsewhere on the internet, could fetch that URL
// with nothing but the URL: http or https, no user name, no host that only this machine or its
// network knows. Otherwise invalid_argument; its message reads on from the URL's name ("is a file
// on this machine, ...") and repeats no more of the URL than its scheme and host: the rest may be
// secret. Spares a refusal later and guards nothing here, because this program never fetches it.
Result<std::string> host_of_public_url(std::string_view url,
                                       std::string_view service = "the Motion service");

}  // namespace motion_mcp::tools
