#include "transport/stdio.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"
#include "transport/line_session.h"
#include "transport/line_splitter.h"
#include "transport/output_queue.h"
#include "transport/stop_signals.h"

namespace motion_mcp::transport {
namespace {

using namespace std::chrono_literals;

constexpr int kExitClean = 0;
constexpr int kExitBrokenChannel = 1;

// All from the moment the end was seen, and under the 2 s that a host waits before it kills.
constexpr auto kGraceForCalls = 1300ms;  // a POST under way may still learn its job id
constexpr auto kGraceAfterStop = 1600ms;
constexpr auto kGraceForOutput = 1850ms;

constexpr std::size_t kReadBytes = 64UL * 1024;

enum class Ended { no, input_closed, signalled, failed };

// Something to poll that other threads make readable.
class Alarm {
 public:
  Alarm() {
    if (::pipe(pipe_.data()) != 0) return;
    for (const int fd : pipe_) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  ~Alarm() {
    for (const int fd : pipe_) ::close(fd);
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  [[nodiscard]] int fd() const { return pipe_[0]; }
  // Once: it never blocks then.
  void ring() const { static_cast<void>(!::write(pipe_[1], "", 1)); }

 private:
  std::array<int, 2> pipe_ = {-1, -1};
};

// Reads once and serves what has come whole. Blocks only while there is nothing to read, no signal
// and no `alarm`.
Ended serve_input(int in, StopSignals& signals, int alarm, LineSplitter& lines,
                  LineSession& session) {
  std::array<pollfd, 3> ready = {pollfd{in, POLLIN, 0}, pollfd{signals.fd(), POLLIN, 0},
                                 pollfd{alarm, POLLIN, 0}};
  if (::poll(ready.data(), ready.size(), -1) < 0) {
    return errno == EINTR ? Ended::no : Ended::failed;
  }
  if (ready[1].revents != 0 && signals.must_stop()) return Ended::signalled;
  if (ready[0].revents == 0) return Ended::no;

  std::array<char, kReadBytes> buffer;
  const ssize_t count = ::read(in, buffer.data(), buffer.size());
  if (count < 0) {
    return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK ? Ended::no : Ended::failed;
  }
  if (count == 0) {
    lines.finish(session);
  } else {
    lines.add({buffer.data(), static_cast<std::size_t>(count)}, session);
  }
  session.flush();
  return count == 0 ? Ended::input_closed : Ended::no;
}

// A descriptor that is closed would be the next socket's, and we would read our input from that or
// write our log into it.
void open_if_closed(int fd) {
  if (::fcntl(fd, F_GETFD) >= 0) return;
  const int sink = ::open("/dev/null", O_RDWR);
  if (sink < 0 || sink == fd) return;
  ::dup2(sink, fd);
  ::close(sink);
}

}  // namespace

int take_stdout() {
  for (const int fd : {STDIN_FILENO, STDERR_FILENO}) open_if_closed(fd);
  const int out = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (out < 0) return -1;
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return out;
}

int serve_stdio(const mcp::Server& server, const mcp::Caller& caller, StdioChannel channel) {
  StopSignals signals;
  // Both may be in use by calls that outlive this function; they are given up then, not destroyed.
  auto pool = std::make_unique<base::WorkerPool>(base::WorkerPool::Limits{});
  const auto broken = std::make_shared<const Alarm>();
  auto output = std::make_shared<OutputQueue>(
      channel.out, OutputQueueOptions{.on_broken = [broken] { broken->ring(); }});
  LineSession session(server, caller, *pool,
                      [output](std::string_view lines) { output->write(lines); });
  LineSplitter lines;

  Ended ended = Ended::no;
  while (ended == Ended::no) {
    ended = serve_input(channel.in, signals, broken->fd(), lines, session);
    // What nobody hears must not go on spending.
    if (output->is_broken()) ended = Ended::failed;
  }
  if (ended == Ended::failed) base::log_error("the channel to the host is broken");

  const base::SteadyTime end = base::system_clock().now();
  if (!session.wait_idle(end + kGraceForCalls)) {
    session.stop();
    if (!session.wait_idle(end + kGraceAfterStop)) {
      base::log_warning("calls were still under way when the host left");
      static_cast<void>(pool.release());
    }
  }
  output->drain(end + kGraceForOutput);
  return ended == Ended::failed ? kExitBrokenChannel : kExitClean;
}

}  // namespace motion_mcp::transport
