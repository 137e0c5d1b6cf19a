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

Resolved look_up(const std::string& host) {
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

}  // namespace

Resolved resolve(const std::string& host, base::SteadyTime deadline, const std::stop_token& stop) {
  if (is_ip_address(host)) return {Outcome::found, {host}, {}};

  const auto pending = std::make_shared<Pending>();
  try {
    std::thread([pending, host] {
      Resolved result = look_up(host);
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

}  // namespace motion_mcp::net
