#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"

namespace motion_mcp::transport {

// Writes to a descriptor without ever making the caller wait for the reader: what the descriptor
// does not take at once is kept and written by a thread of its own. A host that writes all its
// requests before it reads an answer must not stop the thread that reads them.
class OutputQueue {
 public:
  // A host with this much unread is taken for gone.
  static constexpr std::size_t kMaxPendingBytes = 64UL * 1024 * 1024;

  explicit OutputQueue(int fd);
  // Gives up what is pending.
  ~OutputQueue();
  OutputQueue(const OutputQueue&) = delete;
  OutputQueue& operator=(const OutputQueue&) = delete;

  // False when the reader is gone. Thread-safe.
  bool write(std::string_view bytes);
  // The reader is gone, or reads nothing while kMaxPendingBytes wait for it. Thread-safe.
  bool is_broken();
  // Waits until everything is written or `deadline` has come; true when everything is. Thread-safe.
  bool drain(base::SteadyTime deadline);

 private:
  enum class Kind { socket, pipe, other };

  std::size_t write_now(std::string_view bytes);
  void write_pending();

  const int fd_;
  const Kind kind_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string pending_;
  bool is_broken_ = false;
  bool is_closing_ = false;
  std::thread writer_;  // started when the descriptor first refuses bytes
};

}  // namespace motion_mcp::transport
