#pragma once

#include <string_view>

#include "base/result.h"

namespace motion_mcp::motioness {

inline constexpr std::string_view kDefaultBaseUrl = "https://motioness.com";

// no_credential when `project_key` is empty or cannot be one (seed 003, "Path": pk_...). It is
// public: it stands in every URL of the proxy.
Result<void> check_project_key(std::string_view project_key);

// no_credential when the secret cannot be one. It signs URLs (seed 003, "Auth") and is never sent.
Result<void> check_signing_secret(std::string_view secret);

}  // namespace motion_mcp::motioness
