#include "transport/output_queue.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace motion_mcp::transport {
namespace {

// How often the writer looks whether it is to end while the reader takes nothing.
constexpr int kPollMs = 100;

bool is_writable(int fd, int timeout_ms) {
  pollfd ready{fd, POLLOUT, 0};
  return ::poll(&ready, 1, timeout_ms) > 0;
}

}  // namespace

OutputQueue::OutputQueue(int fd, OutputQueueOptions options)
    : fd_(fd),
      kind_([fd] {
        struct stat status {};
        if (::fstat(fd, &status) != 0) return Kind::other;
        if (S_ISSOCK(status.st_mode)) return Kind::socket;
        return S_ISFIFO(status.st_mode) ? Kind::pipe : Kind::other;
      }()),
      options_(std::move(options)) {}

OutputQueue::~OutputQueue() {
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
    changed_.notify_all();
  }
  if (writer_.joinable()) writer_.join();
}

bool OutputQueue::write(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (is_broken_) return false;
  const std::size_t whole = bytes.size();
  if (pending_.empty()) bytes.remove_prefix(write_now(bytes));
  if (is_broken_) return false;
  if (bytes.empty()) return true;
  const bool has_room = pending_.size() + bytes.size() <= options_.pending_bytes;
  // Without a thread there is nobody to write it, for the caller must not wait.
  if (!has_writer() || !has_room) {
    if (!options_.waits_for_reader) give_up();
    // What has begun is gone on with by the next write.
    if (is_broken_ || bytes.size() == whole) return false;
  }
  pending_.append(bytes);
  changed_.notify_all();
  return true;
}

bool OutputQueue::is_broken() {
  const std::lock_guard lock(mutex_);
  return is_broken_;
}

bool OutputQueue::drain(base::SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [&] { return pending_.empty() || is_broken_; });
  return pending_.empty() && !is_broken_;
}

bool OutputQueue::has_writer() {
  try {
    if (!writer_.joinable()) writer_ = std::thread([this] { write_pending(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void OutputQueue::give_up() {
  is_broken_ = true;
  std::string().swap(pending_);
  changed_.notify_all();
  if (options_.on_broken) options_.on_broken();
}

// Writes what the descriptor takes without blocking and returns how much that was. Its status flags
// stay as they are: they are shared with whoever else holds the descriptor.
std::size_t OutputQueue::write_now(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const std::string_view rest = bytes.substr(done);
    ssize_t count = 0;
    if (kind_ == Kind::socket) {
      count = ::send(fd_, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } else if (kind_ == Kind::pipe) {
      // A pipe that polls writable takes PIPE_BUF bytes without blocking (pipe(7)).
      if (!is_writable(fd_, 0)) return done;
      count = ::write(fd_, rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
    } else {
      count = ::write(fd_, rest.data(), rest.size());
    }
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return done;
    } else {
      give_up();
      return done;
    }
  }
  return done;
}

void OutputQueue::write_pending() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return !pending_.empty() || is_closing_ || is_broken_; });
    if (is_closing_ || is_broken_) return;
    lock.unlock();
    const bool ready = is_writable(fd_, kPollMs);
    lock.lock();
    if (!ready) continue;
    pending_.erase(0, write_now(pending_));
    if (pending_.empty()) std::string().swap(pending_);  // a long stall may have made it large
    changed_.notify_all();
  }
}

}  // namespace motion_mcp::transport
