#include "auth/rate_limit.h"

#include <arpa/inet.h>

namespace motion_mcp::auth {
namespace {

// Of IPv6 the first 64 bits.
std::string counted_as(std::string_view address) {
  const std::string text(address);
  in6_addr v6{};
  if (::inet_pton(AF_INET6, text.c_str(), &v6) != 1) return text;
  constexpr std::size_t kPrefixBytes = 8;
  return {reinterpret_cast<const char*>(&v6), kPrefixBytes};
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
