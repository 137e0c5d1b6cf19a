#include "auth/rate_limit.h"

#include "base/ip_address.h"

namespace motion_mcp::auth {
namespace {

// Of IPv6 the first 64 bits. IPv4 may come as IPv4-mapped IPv6, all of which have the same.
std::string counted_as(std::string_view address) {
  constexpr std::size_t kPrefixBytes = 8;
  const auto parsed = base::parse_ip_address(address);
  if (!parsed) return std::string(address);
  const auto* bytes = reinterpret_cast<const char*>(parsed->data());
  return {bytes, base::is_ipv4(*parsed) ? parsed->size() : kPrefixBytes};
}

}  // namespace

bool RateLimit::take(std::string_view address) {
  const base::SteadyTime now = clock_.now();
  std::string who = counted_as(address);
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= kMaxAddresses && !counts_.contains(who)) {
    std::erase_if(counts_, [&](const auto& item) { return now - item.second.since >= window_; });
    if (counts_.size() >= kMaxAddresses) who.clear();
  }
  Count& count = counts_.try_emplace(std::move(who), Count{now, 0}).first->second;
  if (now - count.since >= window_) count = {now, 0};
  if (count.taken == most_) return false;
  ++count.taken;
  return true;
}

}  // namespace motion_mcp::auth
