#include "auth/sealed_json.h"

#include <chrono>
#include <cstdint>
#include <utility>

namespace motion_mcp::auth {
namespace {

constexpr const char* kExpires = "exp";

std::int64_t seconds_of(base::WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

std::string seal_json(const SealedFor& use, Json members, base::WallTime expires) {
  members[kExpires] = seconds_of(expires);
  return base::seal(use.keys, use.purpose, use.audience, members.dump());
}

Result<Json> open_json(const SealedFor& use, std::string_view token, base::WallTime now) {
  const std::string text = TRY(base::open_sealed(use.keys, use.purpose, use.audience, token));
  Json members = Json::parse(text, nullptr, false);
  if (!members.is_object() || members.value(kExpires, std::int64_t{0}) <= seconds_of(now)) {
    return Error{ErrorKind::invalid_argument, "the token's time is over"};
  }
  return members;
}

base::WallTime expiry_of(const Json& members) {
  return base::WallTime(std::chrono::seconds(members.at(kExpires).get<std::int64_t>()));
}

}  // namespace motion_mcp::auth
