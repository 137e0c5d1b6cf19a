#include "net/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "net/url.h"

namespace motion_mcp::net {
namespace {

using Outcome = Resolved::Outcome;

Resolved look_up_by_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0) {
    return {Outcome::failed, {}, gai_strerror(error)};
  }
  std::vector<std::string> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(),
                    static_cast<socklen_t>(text.size()), nullptr, 0, NI_NUMERICHOST) != 0) {
      continue;
    }
    if (std::find(addresses.begin(), addresses.end(), text.data()) == addresses.end()) {
      addresses.emplace_back(text.data());
    }
  }
  freeaddrinfo(list);
  if (addresses.empty()) return {Outcome::failed, {}, "it has no usable address"};
  return {Outcome::found, std::move(addresses), {}};
}

// Shared with the thread that looks up, which may outlive the call.
struct Pending {
  std::mutex mutex;
  std::condition_variable_any done;
  std::optional<Resolved> result;
};

// Holds one of the places for look-ups, for as long as the look-up lasts.
class Place {
 public:
  explicit Place(std::shared_ptr<std::atomic<std::size_t>> taken)
      : taken_(std::move(taken)), count_(++*taken_) {}
  ~Place() { --*taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] bool is_within(std::size_t most) const { return count_ <= most; }

 private:
  const std::shared_ptr<std::atomic<std::size_t>> taken_;
  const std::size_t count_;
};

Resolved resolve_by(const LimitedResolver::LookUp& look_up, std::unique_ptr<Place> place,
                    const std::string& host, base::SteadyTime deadline,
                    const std::stop_token& stop) {
  const auto pending = std::make_shared<Pending>();
  try {
    std::thread([pending, host, look_up, place = std::move(place)]() mutable {
      Resolved result = look_up(host);
      place.reset();  // who hears of the result finds the place free
      const std::scoped_lock lock(pending->mutex);
      pending->result = std::move(result);
      pending->done.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    return {Outcome::failed, {}, "no thread could be started to look it up"};
  }

  std::unique_lock lock(pending->mutex);
  if (pending->done.wait_until(lock, stop, deadline, [&] { return pending->result.has_value(); })) {
    return *std::move(pending->result);
  }
  return {stop.stop_requested() ? Outcome::cancelled : Outcome::timed_out, {}, {}};
}

}  // namespace

Resolved resolve(const std::string& host, base::SteadyTime deadline, const std::stop_token& stop) {
  if (is_ip_address(host)) return {Outcome::found, {host}, {}};
  return resolve_by(look_up_by_system, nullptr, host, deadline, stop);
}

LimitedResolver::LimitedResolver(std::size_t most) : LimitedResolver(most, look_up_by_system) {}

LimitedResolver::LimitedResolver(std::size_t most, LookUp look_up)
    : most_(most),
      look_up_(std::move(look_up)),
      under_way_(std::make_shared<std::atomic<std::size_t>>(0)) {}

Resolved LimitedResolver::operator()(const std::string& host, base::SteadyTime deadline,
                                     const std::stop_token& stop) const {
  if (is_ip_address(host)) return {Outcome::found, {host}, {}};
  auto place = std::make_unique<Place>(under_way_);
  if (!place->is_within(most_)) {
    return {Outcome::busy, {}, "too many names are being looked up"};
  }
  return resolve_by(look_up_, std::move(place), host, deadline, stop);
}

}  // namespace motion_mcp::net
