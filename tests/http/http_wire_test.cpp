// The bytes of one connection. These tests try to have a healthy one cut by a timer of what is
// done.
#include "transport/http_wire.h"

#include <doctest/doctest.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <string>
#include <thread>

using namespace motion_mcp;
using namespace std::chrono_literals;
using transport::HttpWire;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kStallTime = 50ms;
constexpr std::size_t kMuch = 32UL * 1024 * 1024;

// A wire, and its peer, which never blocks.
struct Pair {
  Pair() : peer(context) {
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    peer.connect(acceptor.local_endpoint());
    wire = transport::make_wire(acceptor.accept(), kStallTime);
    peer.non_blocking(true);
    asio::co_spawn(context, wire->begin(), [](const std::exception_ptr&, bool) {});
    context.poll();
    context.restart();
  }

  // Begins to write; `outcome` says how it went once it is over.
  void write(std::string_view bytes) {
    asio::co_spawn(context, wire->write(bytes),
                   [this](const std::exception_ptr&, bool is_written) { outcome = is_written; });
  }
  // Takes what has been sent.
  void drain() {
    static std::array<char, 65536> bytes;
    boost::system::error_code error;
    while (!error) received += peer.read_some(asio::buffer(bytes), error);
  }

  asio::io_context context;
  tcp::socket peer;
  std::shared_ptr<HttpWire> wire;
  std::size_t received = 0;
  std::optional<bool> outcome;
};

}  // namespace

TEST_CASE("a peer that takes what was sent in the moment that its time is over is not cut") {
  Pair pair;
  const std::string much(kMuch, 'x');
  pair.write(much);
  pair.context.poll();
  REQUIRE_FALSE(pair.outcome.has_value());
  // Both the end of the write and the end of its time are there when the wire looks next.
  std::this_thread::sleep_for(2 * kStallTime);
  pair.drain();
  const auto deadline = HttpWire::Clock::now() + 60s;
  while (!pair.outcome && HttpWire::Clock::now() < deadline) {
    pair.context.restart();
    pair.context.poll();
    pair.drain();
  }
  CHECK(pair.outcome == true);
  CHECK(pair.received == kMuch);
}

TEST_CASE("a peer that takes nothing is cut") {
  Pair pair;
  const std::string much(kMuch, 'x');
  pair.write(much);
  pair.context.run();
  CHECK(pair.outcome == false);
}
