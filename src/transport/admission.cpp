#include "transport/admission.h"

#include <iterator>
#include <utility>

namespace motion_mcp::transport {
namespace {

constexpr std::chrono::minutes kWindow{1};
constexpr std::chrono::seconds kRetryWhenFull{2};

}  // namespace

Admission::Ticket::Ticket(Admission& admission, std::string owner)
    : admission_(admission), owner_(std::move(owner)) {}

Admission::Ticket::~Ticket() {
  admission_.leave(owner_);
}

std::variant<std::shared_ptr<Admission::Ticket>, Admission::Refused> Admission::enter(
    const std::string& owner, std::size_t paid_calls) {
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  if (in_flight_ >= limits_.in_flight) return Refused{Refusal::server_is_full, kRetryWhenFull};
  // A stranger may come under any number of names.
  if (now - swept_at_ >= kWindow) sweep(now);
  Owner& caller = owners_[owner];
  forget_old(caller, now);
  if (caller.in_flight >= limits_.in_flight_per_owner) {
    return Refused{Refusal::owner_is_full, kRetryWhenFull};
  }
  const std::size_t paid = caller.paid.size() + paid_calls;
  if (paid_calls > 0 && paid > limits_.paid_per_minute) {
    // So many of the oldest must be forgotten first.
    const std::size_t too_many = paid - limits_.paid_per_minute;
    const auto last = too_many <= caller.paid.size() ? caller.paid[too_many - 1] : now;
    return Refused{Refusal::owner_is_too_fast,
                   std::chrono::ceil<std::chrono::seconds>(last + kWindow - now)};
  }
  caller.paid.insert(caller.paid.end(), paid_calls, now);
  ++caller.in_flight;
  ++in_flight_;
  return std::make_shared<Ticket>(*this, owner);
}

void Admission::leave(const std::string& owner) {
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  --in_flight_;
  const auto found = owners_.find(owner);
  Owner& caller = found->second;
  --caller.in_flight;
  forget_old(caller, now);
  if (caller.in_flight == 0 && caller.paid.empty()) owners_.erase(found);
}

std::size_t Admission::in_flight() const {
  const std::lock_guard lock(mutex_);
  return in_flight_;
}

std::size_t Admission::known_owners() {
  const std::lock_guard lock(mutex_);
  return owners_.size();
}

void Admission::sweep(base::SteadyTime now) {
  swept_at_ = now;
  for (auto item = owners_.begin(); item != owners_.end();) {
    forget_old(item->second, now);
    const bool is_idle = item->second.in_flight == 0 && item->second.paid.empty();
    item = is_idle ? owners_.erase(item) : std::next(item);
  }
}

void Admission::forget_old(Owner& owner, base::SteadyTime now) {
  while (!owner.paid.empty() && owner.paid.front() + kWindow <= now) owner.paid.pop_front();
}

}  // namespace motion_mcp::transport
