#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

namespace motion_mcp::auth {

// What the service said of a Motion key.
enum class KeyVerdict {
  good,
  bad,      // it refuses the key
  unknown,  // it did not say, or was not reached
};

// Asks the service, without spending. May block for some seconds; thread-safe; never throws.
using KeyCheck = std::function<KeyVerdict(std::string_view api_key, const std::stop_token& stop)>;

}  // namespace motion_mcp::auth
