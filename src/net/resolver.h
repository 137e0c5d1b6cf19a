#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"

namespace motion_mcp::net {

struct Resolved {
  enum class Outcome { found, failed, timed_out, cancelled, busy };
  Outcome outcome = Outcome::failed;
  std::vector<std::string> addresses;  // numeric, best first (RFC 6724)
  std::string reason;                  // the system's words when it failed
};

// Looks `host` up with the system's resolver, which can take half a minute and cannot be stopped: a
// thread of its own does that, and is left to itself once `deadline` passes or `stop` is requested.
// A numeric address is answered at once. Thread-safe.
Resolved resolve(const std::string& host, base::SteadyTime deadline, const std::stop_token& stop);

// The same for names that strangers choose: no more than `most` look-ups are under way at once,
// those that were left to themselves among them, and one more is `busy` without being begun.
// Copies share the count.
class LimitedResolver {
 public:
  // What a thread does; it may outlive the resolver.
  using LookUp = std::function<Resolved(const std::string& host)>;

  explicit LimitedResolver(std::size_t most);  // with the system's resolver
  LimitedResolver(std::size_t most, LookUp look_up);

  Resolved operator()(const std::string& host, base::SteadyTime deadline,
                      const std::stop_token& stop) const;

 private:
  const std::size_t most_;
  const LookUp look_up_;
  const std::shared_ptr<std::atomic<std::size_t>> under_way_;
};

}  // namespace motion_mcp::net
