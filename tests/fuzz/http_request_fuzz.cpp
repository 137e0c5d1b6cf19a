// Bytes to the reader of HTTP requests, whole and in pieces. Tries to have the two read
// differently, which is how a request is smuggled, and to get past a limit.
//
// The first byte says how long the pieces are.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/fuzz_target.h"
#include "transport/http_request_reader.h"

namespace motion_mcp::fuzz {
namespace {

using transport::HttpRequestReader;
using State = HttpRequestReader::State;

// Small, so that mutations reach them.
constexpr transport::HttpRequestLimits kLimits{{1024, 16}, 512};

// The reader decides nothing about fewer bytes of a chunked body than the end of one has, unless
// they came with others.
constexpr std::size_t kUndecidedBytes = 4;

// What a connection read, a line each, up to the byte that ends it.
struct Transcript {
  std::string text;
  std::size_t undecided = 0;  // bytes that wait for more

  void add(std::string_view part) { text.append(part).append("\n"); }
};

void check(const transport::HttpRequest& request) {
  require(request.body.size() <= kLimits.body_bytes, "a body keeps to the limit");
  require(request.headers.size() <= kLimits.head.headers, "the headers keep to the limit");
  require(!request.method.empty() && !request.target.empty(), "a request says what it wants");
  for (const auto& [name, value] : request.headers) {
    require(!name.empty() && name.find_first_of(": \t\r\n") == std::string::npos,
            "a header's name is a token", name);
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
            "a header's value is on one line", value);
  }
}

Transcript read_all(std::string_view bytes, std::size_t piece) {
  Transcript transcript;
  HttpRequestReader reader(kLimits);
  std::string received;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    received += bytes.substr(at, piece);
    State state = reader.read(received);
    while (state == State::complete) {
      const transport::HttpRequest& request = reader.request();
      check(request);
      transcript.add(request.method + " " + request.target);
      for (const auto& [name, value] : request.headers) transcript.add(name + ": " + value);
      transcript.add(request.body);
      transcript.add(reader.keeps_alive() ? "goes on" : "ends");
      if (!reader.keeps_alive()) return transcript;
      // As a connection does: a reader a request, the rest is the next one's.
      std::string rest =
          std::move(received) + std::string(bytes.substr(std::min(at + piece, bytes.size())));
      const Transcript next = read_all(rest, piece);
      return {transcript.text + next.text, next.undecided};
    }
    if (state == State::refused) {
      transcript.add("refused " + std::to_string(reader.status()) + " " +
                     std::string(reader.why()));
      return transcript;
    }
  }
  transcript.undecided = received.size();
  return transcript;
}

bool is_same(const Transcript& whole, const Transcript& in_pieces) {
  if (whole.text == in_pieces.text) return true;
  const std::string_view more =
      std::string_view(whole.text).substr(std::min(in_pieces.text.size(), whole.text.size()));
  return whole.text.starts_with(in_pieces.text) && more.starts_with("refused ") &&
         in_pieces.undecided <= kUndecidedBytes;
}

}  // namespace

void try_bytes(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t first = static_cast<unsigned char>(bytes.front());
  const std::size_t piece = std::max<std::size_t>(first % 64, 1);
  bytes.remove_prefix(1);
  const Transcript whole = read_all(bytes, std::max<std::size_t>(bytes.size(), 1));
  const Transcript in_pieces = read_all(bytes, piece);
  require(is_same(whole, in_pieces), "the same bytes are the same requests",
          whole.text + "---\n" + in_pieces.text);
}

}  // namespace motion_mcp::fuzz
