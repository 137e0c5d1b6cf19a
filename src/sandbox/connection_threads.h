#pragma once

#include <httplib.h>
#include <pthread.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

namespace motion_mcp::sandbox {

// A thread for each connection, made when needed, up to kMaxThreads; connections beyond wait for
// one. httplib's own pool serves eight connections and does not choose its stacks: before version
// 0.16 the Range header, of up to 8 KiB, is matched with a std::regex that recurses per character.
class ConnectionThreads final : public httplib::TaskQueue {
 public:
  static constexpr std::size_t kMaxThreads = 128;
  // Address space, used as needed; a Range header of 8 KiB needs more than 4 MiB.
  static constexpr std::size_t kStackBytes = std::size_t{16} << 20U;

  // Nothing before httplib 0.15, afterwards whether the connection was taken.
  using Taken = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::function<void()>()));

  Taken enqueue(std::function<void()> connection) override;
  // Waits until every connection has ended.
  void shutdown() override;

 private:
  bool start_thread();
  void serve();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<std::function<void()>> waiting_;
  std::vector<pthread_t> threads_;
  std::size_t free_ = 0;  // threads that wait for a connection
  bool stopping_ = false;
};

}  // namespace motion_mcp::sandbox
