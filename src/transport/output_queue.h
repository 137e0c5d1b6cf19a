#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"

namespace motion_mcp::transport {

struct OutputQueueOptions {
  // A reader with this much unread is taken for gone ...
  std::size_t pending_bytes = 64UL * 1024 * 1024;
  // ... unless it is waited for: then what comes beyond is refused until it reads on.
  bool waits_for_reader = false;
  // Called once, when the reader is gone, by whoever finds out. Must not block.
  std::function<void()> on_broken = {};
};

// Writes to a descriptor without ever making the caller wait for the reader: what the descriptor
// does not take at once is kept and written by a thread of its own. A host that writes all its
// requests before it reads an answer must not stop the thread that reads them.
class OutputQueue {
 public:
  explicit OutputQueue(int fd, OutputQueueOptions options = {});
  // Gives up what is pending.
  ~OutputQueue();
  OutputQueue(const OutputQueue&) = delete;
  OutputQueue& operator=(const OutputQueue&) = delete;

  // False when the bytes were not taken: the reader is gone, or there is no room. Thread-safe.
  bool write(std::string_view bytes);
  // The reader is gone, or taken for it. Thread-safe.
  bool is_broken();
  // Waits until everything is written or `deadline` has come; true when everything is. Thread-safe.
  bool drain(base::SteadyTime deadline);

 private:
  enum class Kind { socket, pipe, other };

  std::size_t write_now(std::string_view bytes);
  void write_pending();
  bool has_writer();
  void give_up();

  const int fd_;
  const Kind kind_;
  const OutputQueueOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string pending_;
  bool is_broken_ = false;
  bool is_closing_ = false;
  std::thread writer_;  // started when the descriptor first refuses bytes
};

}  // namespace motion_mcp::transport
