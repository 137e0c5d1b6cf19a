// Descriptors are closed by one thread while another wants to end them: tries to have the wrong one
// ended, or a connect go through that must not.
#include "net/lifeline.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <thread>
#include <utility>

using motion_mcp::net::Lifeline;

namespace {

struct Pair {
  Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0); }
  ~Pair() {
    for (const int end : ends) {
      if (end >= 0) close(end);
    }
  }
  void close_first() { close(std::exchange(ends[0], -1)); }
  int ends[2] = {-1, -1};
};

}  // namespace

TEST_CASE("an interrupt wakes a thread that waits for bytes") {
  REQUIRE(Lifeline::can_spoil());
  Pair pair;
  Lifeline lifeline;
  lifeline.attach(pair.ends[0]);
  std::thread waiting([&] {
    char byte = 0;
    CHECK(read(pair.ends[0], &byte, 1) == 0);
  });
  lifeline.interrupt();
  waiting.join();
  CHECK(lifeline.interrupted());
}

TEST_CASE("an interrupt after the socket was closed and its number taken spares the newcomer") {
  REQUIRE(Lifeline::can_spoil());
  Pair old;
  Lifeline lifeline;
  lifeline.attach(old.ends[0]);
  old.close_first();
  Pair newcomer;
  lifeline.interrupt();
  REQUIRE(write(newcomer.ends[0], "x", 1) == 1);
  char byte = 0;
  CHECK(read(newcomer.ends[1], &byte, 1) == 1);
}

TEST_CASE("a socket that comes after the interrupt cannot connect") {
  REQUIRE(Lifeline::can_spoil());
  Lifeline lifeline;
  lifeline.interrupt();
  const int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  lifeline.attach(late);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(connect(late, reinterpret_cast<sockaddr*>(&address), sizeof address) == -1);
  CHECK(errno == ENOTSOCK);
  CHECK(close(late) == 0);
}

TEST_CASE("quiet means open and silent") {
  REQUIRE(Lifeline::can_spoil());
  Pair pair;
  Lifeline lifeline;
  CHECK_FALSE(lifeline.quiet());
  lifeline.attach(pair.ends[0]);
  CHECK(lifeline.quiet());
  REQUIRE(write(pair.ends[1], "x", 1) == 1);
  CHECK_FALSE(lifeline.quiet());
}
