#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"

namespace motion_mcp::transport {

// How much one caller, and all together, may have under way: what keeps one of them from taking the
// server from the others.
class Admission {
 public:
  struct Limits {
    std::size_t in_flight = 2000;
    std::size_t in_flight_per_owner = 200;
    // Calls that spend money, per owner and minute.
    std::size_t paid_per_minute = 30;
  };

  // Holds a caller's place while it lives.
  class Ticket {
   public:
    Ticket(Admission& admission, std::string owner);
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

   private:
    Admission& admission_;
    const std::string owner_;
  };

  enum class Refusal { server_is_full, owner_is_full, owner_is_too_fast };
  struct Refused {
    Refusal why;
    std::chrono::seconds retry_after;
  };

  Admission(Limits limits, const base::Clock& clock) : limits_(limits), clock_(clock) {}

  // A place for one call of `owner` (base/owner.h), or for several that run one after the other, of
  // which `paid_calls` spend money: all of them or none. Thread-safe.
  std::variant<std::shared_ptr<Ticket>, Refused> enter(const std::string& owner,
                                                       std::size_t paid_calls);

  // How many calls are under way. Thread-safe.
  std::size_t in_flight() const;
  // How many callers are remembered: those with something under way or paid for lately, and some
  // more until they are swept. Thread-safe.
  std::size_t known_owners();

 private:
  struct Owner {
    std::size_t in_flight = 0;
    std::deque<base::SteadyTime> paid;  // when, within the last minute
  };

  void leave(const std::string& owner);
  static void forget_old(Owner& owner, base::SteadyTime now);
  void sweep(base::SteadyTime now);

  const Limits limits_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::size_t in_flight_ = 0;
  std::map<std::string, Owner> owners_;
  base::SteadyTime swept_at_{};
};

}  // namespace motion_mcp::transport
