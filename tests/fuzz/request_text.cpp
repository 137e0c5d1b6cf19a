#include "fuzz/request_text.h"

#include <algorithm>
#include <tuple>

namespace motion_mcp::fuzz {
namespace {

std::string_view take_line(std::string_view& bytes) {
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return line;
}

std::pair<std::string, std::string> split(std::string_view line, std::string_view at) {
  const std::size_t middle = std::min(line.find(at), line.size());
  const std::size_t rest = std::min(middle + at.size(), line.size());
  return {std::string(line.substr(0, middle)), std::string(line.substr(rest))};
}

}  // namespace

RequestText read_request_text(std::string_view bytes) {
  RequestText request;
  std::tie(request.method, request.target) = split(take_line(bytes), " ");
  while (!bytes.empty()) {
    const std::string_view line = take_line(bytes);
    if (line.empty()) break;
    request.headers.push_back(split(line, ": "));
  }
  request.body = bytes;
  return request;
}

}  // namespace motion_mcp::fuzz
