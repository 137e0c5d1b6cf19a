#include "sandbox/connection_threads.h"

namespace motion_mcp::sandbox {

ConnectionThreads::Taken ConnectionThreads::enqueue(std::function<void()> connection) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(connection));
    if (free_ < waiting_.size() && threads_.size() < kMaxThreads) start_thread();
  }
  wake_.notify_one();
  return Taken(true);
}

void ConnectionThreads::shutdown() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (const pthread_t thread : threads_) pthread_join(thread, nullptr);
}

// A thread that cannot be made is no error: the connection waits for one that can.
bool ConnectionThreads::start_thread() {
  const auto run = [](void* self) -> void* {
    static_cast<ConnectionThreads*>(self)->serve();
    return nullptr;
  };
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread{};
  const bool started = pthread_create(&thread, &attributes, run, this) == 0;
  pthread_attr_destroy(&attributes);
  if (started) threads_.push_back(thread);
  return started;
}

void ConnectionThreads::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++free_;
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    --free_;
    if (waiting_.empty()) return;
    const std::function<void()> connection = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    connection();
    lock.lock();
  }
}

}  // namespace motion_mcp::sandbox
