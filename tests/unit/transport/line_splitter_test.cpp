// Bytes come in pieces of any size: whatever the cuts, the same lines must be served.
#include "transport/line_splitter.h"

#include <doctest/doctest.h>

#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;

namespace {

constexpr std::string_view kPing = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
constexpr std::string_view kPong = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n";

struct Peer {
  mcp::Server server{test::toy_info(), {}};
  base::WorkerPool pool{{}};
  std::string out;
  transport::LineSession session{server, {}, pool, [this](std::string_view text) { out += text; }};
  transport::LineSplitter splitter;

  std::string answers(std::string_view bytes, std::size_t piece) {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      splitter.add(bytes.substr(at, piece), session);
    }
    session.flush();
    return out;
  }
};

}  // namespace

TEST_CASE("lines are the same however the bytes are cut") {
  const std::string two = std::string(kPing) + "\r\n" + std::string(kPing);
  for (const std::size_t piece : {1U, 2U, 7U, 41U, 1000U}) {
    Peer peer;
    CHECK(peer.answers(two, piece) == std::string(kPong) + std::string(kPong));
  }
}

TEST_CASE("a line that is too long is refused once, skipped to its end, and the next one served") {
  for (const std::size_t piece : {4096UL, 3'000'000UL, 100'000'000UL}) {
    Peer peer;
    const std::string flood = std::string(3 * transport::kMaxLineBytes, 'x') + "\n";
    const std::string out = peer.answers(flood + std::string(kPing), piece);
    CHECK(out.find("-32600") != std::string::npos);
    CHECK(out.substr(out.find('\n') + 1) == kPong);
  }
}

TEST_CASE("a last line without a line end is served when the input ends") {
  Peer peer;
  CHECK(peer.answers(kPing.substr(0, kPing.size() - 1), 5).empty());
  peer.splitter.finish(peer.session);
  peer.session.flush();
  CHECK(peer.out == kPong);
}
