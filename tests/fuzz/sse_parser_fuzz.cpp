// Streams of events that another service sends, cut anywhere. Tries to have the parser differ from
// the standard's own text, or mean something else when the same bytes come in other pieces.
//
// The first byte is the length of the pieces, 0 for the whole; the rest is the stream.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/sse_reference.h"
#include "net/sse_parser.h"

namespace motion_mcp::fuzz {
namespace {

std::vector<SseEvent> parse(std::string_view stream, std::size_t piece) {
  std::vector<SseEvent> events;
  net::SseParser parser([&](const net::SseEvent& event) {
    events.push_back({event.type, event.data, event.last_event_id});
    return true;
  });
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    if (!parser.add(stream.substr(at, piece))) break;
  }
  if (!parser.is_too_large()) {
    require(parser.retry().value_or(net::SseParser::kMaxRetry) <= net::SseParser::kMaxRetry,
            "a retry is bounded");
  }
  return events;
}

}  // namespace

void try_bytes(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > net::SseParser::kMaxEventBytes) return;
  const auto length = static_cast<unsigned char>(bytes.front());
  const std::string_view stream = bytes.substr(1);
  const std::vector<SseEvent> whole = parse(stream, std::max<std::size_t>(stream.size(), 1));
  require(whole == read_sse(base::with_valid_utf8(stream)), "a stream means what the standard says",
          stream);
  if (length == 0) return;
  require(parse(stream, length) == whole, "a stream means the same in pieces", stream);
  for (const SseEvent& event : whole) {
    require(base::is_valid_utf8(event.data) && base::is_valid_utf8(event.type),
            "an event is valid UTF-8", stream);
  }
}

}  // namespace motion_mcp::fuzz
