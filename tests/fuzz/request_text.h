#pragma once

// An HTTP request as the corpora write it, without the framing that a mutation would break:
//
//   POST /mcp
//   Accept: application/json
//   (an empty line)
//   the body, up to the end

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motion_mcp::fuzz {

struct RequestText {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// Takes any bytes: what is missing is empty.
RequestText read_request_text(std::string_view bytes);

}  // namespace motion_mcp::fuzz
