#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::base {

// Names the holder of an API key where the key itself must not be kept: HMAC-SHA256 keyed by the
// key over a fixed label, as 64 hexadecimal digits. The same key always has the same owner id.
std::string owner_id(std::string_view api_key);

// The same, for a connection: its requests carry one key as a rule, and making the id anew costs
// each of them a twentieth of its time. Remembers the last key until it goes. Not thread-safe.
class OwnerMemory {
 public:
  // Valid until the next call.
  const std::string& id_of(std::string_view api_key);

 private:
  std::string key_;
  std::string id_;  // empty: none was asked for
};

}  // namespace motion_mcp::base
