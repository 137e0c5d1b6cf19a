// Messages as server-sent events, plain and with ids. Tries to have a message end its event, begin
// another, or come back changed.
//
// The bytes are JSON, or else the text of a JSON string.
#include <memory>

#include "fuzz/fuzz_target.h"
#include "fuzz/sse_reference.h"
#include "jsonrpc/message.h"
#include "transport/http_kept_sessions.h"
#include "transport/sse.h"

namespace motion_mcp::fuzz {
namespace {

void check_events(const std::string& stream, const std::string& json, std::size_t count) {
  std::vector<SseEvent> events = read_sse(stream);
  // The opening of a stream with ids is an event without data.
  std::erase_if(events, [](const SseEvent& event) { return event.data.empty(); });
  require(events.size() == count, "a message is one event", stream);
  for (const SseEvent& event : events) {
    require(event.type == "message" && event.data == json, "an event is the message", stream);
  }
}

}  // namespace

void try_bytes(std::string_view bytes) {
  const auto value = jsonrpc::parse_json(bytes);
  const std::string json = value ? jsonrpc::print(*value) : jsonrpc::print_string(bytes);

  const std::string comment(transport::kSseComment);
  const std::string event = transport::sse_event(json);
  check_events(comment + event + comment + event, json, 2);

  const auto session = std::make_shared<transport::KeptSession>("session");
  const auto writer = session->begin_stream();
  const std::string stream = writer->opening() + writer->event(json) + writer->last_event(json);
  check_events(stream, json, 2);
  const std::vector<SseEvent> events = read_sse(stream);
  require(events.back().last_id != events.at(events.size() - 2).last_id,
          "each event has an id of its own", stream);
}

}  // namespace motion_mcp::fuzz
