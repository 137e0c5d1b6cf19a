#include "transport/http_accept.h"

#include <algorithm>

namespace motion_mcp::transport {

bool accepts(const HeaderValue& accept, std::string_view group, std::string_view type) {
  if (accept.count == 0) return true;
  std::string_view rest = accept.value;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view range = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    range = trim_blanks(range.substr(0, range.find(';')));
    if (range == "*/*" || equals_ignoring_case(range, type) || equals_ignoring_case(range, group)) {
      return true;
    }
  }
  return false;
}

}  // namespace motion_mcp::transport
