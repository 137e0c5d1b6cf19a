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

// What a connection read, a line each, up to the byte that ends it.
struct Transcript {
  std::string text;

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

std::string read_all(std::string_view bytes, std::size_t piece) {
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
      if (!reader.keeps_alive()) return transcript.text;
      // As a connection does: a reader a request, the rest is the next one's.
      std::string rest =
          std::move(received) + std::string(bytes.substr(std::min(at + piece, bytes.size())));
      return transcript.text + read_all(rest, piece);
    }
    if (state == State::refused) {
      transcript.add("refused " + std::to_string(reader.status()) + " " +
                     std::string(reader.why()));
      return transcript.text;
    }
  }
  return transcript.text;
}

}  // namespace

void try_bytes(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t first = static_cast<unsigned char>(bytes.front());
  const std::size_t piece = std::max<std::size_t>(first % 64, 1);
  bytes.remove_prefix(1);
  const std::string whole = read_all(bytes, std::max<std::size_t>(bytes.size(), 1));
  const std::string in_pieces = read_all(bytes, piece);
  require(whole == in_pieces, "the same bytes are the same requests", whole + "---\n" + in_pieces);
}

}  // namespace motion_mcp::fuzz
