// A host that does not read must not stop us from reading; a host that is gone must be noticed.
#include "transport/output_queue.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

using namespace motion_mcp;
using namespace std::chrono_literals;
using transport::OutputQueue;

namespace {

struct Channel {
  int ours = -1;
  int theirs = -1;

  explicit Channel(bool is_socket) {
    std::array<int, 2> fds{};
    if (is_socket) {
      REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0);
      ours = fds[0];
      theirs = fds[1];
    } else {
      REQUIRE(::pipe(fds.data()) == 0);
      ours = fds[1];
      theirs = fds[0];
    }
  }
  ~Channel() {
    ::close(ours);
    close_theirs();
  }
  void close_theirs() {
    if (theirs >= 0) ::close(theirs);
    theirs = -1;
  }
  std::string read(std::size_t count) const {
    std::string bytes(count, '\0');
    std::size_t done = 0;
    while (done < count) {
      const ssize_t got = ::read(theirs, bytes.data() + done, count - done);
      REQUIRE(got > 0);
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }
};

base::SteadyTime soon() {
  return base::system_clock().now() + 20s;
}

}  // namespace

TEST_CASE("what the host does not read is kept, in order, without waiting for it") {
  for (const bool is_socket : {false, true}) {
    const Channel channel(is_socket);
    OutputQueue queue(channel.ours);
    std::string sent;
    for (int i = 0; i < 100; ++i) {
      const std::string piece(50'000, static_cast<char>('a' + i % 26));
      REQUIRE(queue.write(piece));
      sent += piece;
    }
    CHECK_FALSE(queue.drain(base::system_clock().now()));
    CHECK(channel.read(sent.size()) == sent);
    CHECK(queue.drain(soon()));
  }
}

TEST_CASE("a host that is gone is noticed") {
  struct sigaction previous {};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &previous);
  for (const bool is_socket : {false, true}) {
    Channel channel(is_socket);
    OutputQueue queue(channel.ours);
    CHECK(queue.write("a\n"));
    channel.close_theirs();
    CHECK_FALSE(queue.write("b\n"));
    CHECK(queue.is_broken());
  }
  ::sigaction(SIGPIPE, &previous, nullptr);
}

TEST_CASE("who waits for other things is told once that the host is gone") {
  const Channel channel(false);
  int told = 0;
  OutputQueue queue(channel.ours, {.pending_bytes = 100'000, .on_broken = [&] { ++told; }});
  while (queue.write(std::string(50'000, 'x'))) CHECK(told == 0);
  CHECK(told == 1);
  CHECK_FALSE(queue.write("x"));
  CHECK(told == 1);
}

TEST_CASE("a reader that is waited for costs what there is no room for, and nothing after it") {
  const Channel channel(false);
  OutputQueue queue(channel.ours, {.pending_bytes = 100'000, .waits_for_reader = true});
  std::string sent;
  const std::string piece(50'000, 'x');
  for (int i = 0; i < 10; ++i) {
    if (queue.write(piece)) sent += piece;
  }
  CHECK_FALSE(queue.is_broken());
  CHECK(sent.size() < 10 * piece.size());
  CHECK(channel.read(sent.size()) == sent);
  CHECK(queue.drain(soon()));
  CHECK(queue.write("y"));
  CHECK(channel.read(1) == "y");
}

TEST_CASE("a host that never reads is taken for gone before memory runs out") {
  const Channel channel(false);
  OutputQueue queue(channel.ours);
  const std::string piece(8UL * 1024 * 1024, 'x');
  int taken = 0;
  while (queue.write(piece)) ++taken;
  CHECK(taken == 8);
  CHECK(queue.is_broken());
}

TEST_CASE("pending output is given up at the end instead of waiting for the host") {
  const Channel channel(false);
  OutputQueue queue(channel.ours);
  CHECK(queue.write(std::string(1'000'000, 'x')));
  CHECK_FALSE(queue.drain(base::system_clock().now() + 1ms));
}

TEST_CASE("the descriptor's own flags stay as the host set them") {
  const Channel channel(false);
  OutputQueue queue(channel.ours);
  CHECK(queue.write("a\n"));
  CHECK((::fcntl(channel.ours, F_GETFL) & O_NONBLOCK) == 0);
}
