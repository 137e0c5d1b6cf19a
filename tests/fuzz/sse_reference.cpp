#include "fuzz/sse_reference.h"

#include <algorithm>

namespace motion_mcp::fuzz {
namespace {

// Lines end in CRLF, LF or CR; what follows the last end is no line.
std::vector<std::string_view> lines_of(std::string_view stream) {
  std::vector<std::string_view> lines;
  for (;;) {
    const std::size_t end = stream.find_first_of("\r\n");
    if (end == std::string_view::npos) return lines;
    lines.push_back(stream.substr(0, end));
    const bool is_pair = stream.substr(end, 2) == "\r\n";
    stream.remove_prefix(end + (is_pair ? 2 : 1));
  }
}

}  // namespace

std::vector<SseEvent> read_sse(std::string_view stream) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (stream.starts_with(kByteOrderMark)) stream.remove_prefix(kByteOrderMark.size());

  std::vector<SseEvent> events;
  std::string type;
  std::string data;
  std::string last_id;
  for (const std::string_view line : lines_of(stream)) {
    if (line.empty()) {
      if (!data.empty()) {
        data.pop_back();
        events.push_back({type.empty() ? "message" : type, data, last_id});
      }
      data.clear();
      type.clear();
      continue;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view field = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") type = value;
    if (field == "data") data.append(value).append("\n");
    if (field == "id" && value.find('\0') == std::string_view::npos) last_id = value;
  }
  return events;
}

}  // namespace motion_mcp::fuzz
