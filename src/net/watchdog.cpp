#include "net/watchdog.h"

#include <utility>

namespace motion_mcp::net {

struct Watchdog::Entry {
  std::function<void()> interrupt;
  Queue::iterator position;
};

Watchdog::~Watchdog() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Watchdog::Watch Watchdog::watch(base::SteadyTime deadline, std::function<void()> interrupt) {
  return Watch(*this, deadline, std::move(interrupt));
}

Watchdog::Watch::Watch(Watchdog& watchdog, base::SteadyTime deadline,
                       std::function<void()> interrupt)
    : watchdog_(watchdog), entry_(std::make_unique<Entry>()) {
  entry_->interrupt = std::move(interrupt);
  const std::scoped_lock lock(watchdog_.mutex_);
  if (!watchdog_.thread_.joinable()) watchdog_.thread_ = std::thread(&Watchdog::run, &watchdog_);
  entry_->position = watchdog_.queue_.emplace(deadline, entry_.get());
  if (entry_->position == watchdog_.queue_.begin()) watchdog_.changed_.notify_one();
}

Watchdog::Watch::~Watch() {
  const std::scoped_lock lock(watchdog_.mutex_);
  watchdog_.queue_.erase(entry_->position);
}

void Watchdog::Watch::expire() {
  const std::scoped_lock lock(watchdog_.mutex_);
  watchdog_.reschedule(*entry_, base::SteadyTime::min());
  watchdog_.changed_.notify_one();
}

void Watchdog::reschedule(Entry& entry, base::SteadyTime when) {
  auto node = queue_.extract(entry.position);
  node.key() = when;
  entry.position = queue_.insert(std::move(node));
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (queue_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto now = std::chrono::steady_clock::now();
    const auto next = queue_.begin();
    // A copy: while this thread waits, the entry may go.
    if (const base::SteadyTime when = next->first; when > now) {
      changed_.wait_until(lock, when);
      continue;
    }
    // The lock is held, so that a Watch cannot end while its action runs.
    Entry& entry = *next->second;
    entry.interrupt();
    reschedule(entry, now + kRepeat);
  }
}

}  // namespace motion_mcp::net
