#include "base/worker_pool.h"

#include <pthread.h>

#include <chrono>
#include <utility>

namespace motion_mcp::base {
namespace {

constexpr std::chrono::seconds kIdleThreadLife{10};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kStackBytes = 1024UL * 1024;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::size_t kStackBytes = 1024UL * 1024;
#else
constexpr std::size_t kStackBytes = 256UL * 1024;
#endif
#else
constexpr std::size_t kStackBytes = 256UL * 1024;
#endif

}  // namespace

WorkerPool::~WorkerPool() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  idle_.wait(lock, [&] { return threads_ == 0; });
}

bool WorkerPool::submit(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  const std::size_t ahead = queue_.size() + running_;
  if (ahead >= limits_.threads + limits_.queued) return false;
  queue_.push_back(std::move(job));
  // With all the threads that are allowed, the next to end its job comes.
  if (call_thread() || (threads_ > 0 && threads_ >= limits_.threads)) return true;
  queue_.pop_back();
  return false;
}

bool WorkerPool::wait_idle(SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  return idle_.wait_until(lock, deadline, [&] { return queue_.empty() && running_ == 0; });
}

// Sees to it that a thread comes for the queue. False when none could be made and none waits.
bool WorkerPool::call_thread() {
  if (is_coming_) return true;
  if (waiting_ > 0) {
    wake_.notify_one();
  } else if (threads_ >= limits_.threads || !start_thread()) {
    return false;
  }
  is_coming_ = true;
  return true;
}

bool WorkerPool::start_thread() {
  const auto entry = [](void* self) -> void* {
    static_cast<WorkerPool*>(self)->work();
    return nullptr;
  };
  if (!start_(entry, this)) return false;
  ++threads_;
  return true;
}

bool WorkerPool::start_small_thread(void* (*run)(void*), void* argument) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const int failed = pthread_create(&thread, &attributes, run, argument);
  pthread_attr_destroy(&attributes);
  return failed == 0;
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (queue_.empty()) {
      ++waiting_;
      wake_.wait_for(lock, kIdleThreadLife, [&] { return stopping_ || !queue_.empty(); });
      --waiting_;
    }
    // Whoever comes first takes the job, also in place of the thread that was called for it.
    is_coming_ = false;
    if (queue_.empty()) break;  // idle for too long, or stopping
    std::function<void()> job = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    if (!queue_.empty()) call_thread();
    lock.unlock();
    job();
    job = nullptr;  // what it holds is released before the pool counts as idle
    lock.lock();
    --running_;
    idle_.notify_all();
  }
  --threads_;
  idle_.notify_all();
}

}  // namespace motion_mcp::base
