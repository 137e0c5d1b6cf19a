#include "net/headers.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "net/ascii.h"

namespace motion_mcp::net {
namespace {

// Ours to write, or never part of a request of ours.
constexpr std::array<std::string_view, 9> kFraming = {
    "Host",   "Content-Length", "Transfer-Encoding",   "Connection",
    "Expect", "Upgrade",        "Proxy-Authorization", "TE",
    "Trailer"};
constexpr std::size_t kQuotedCharacters = 60;

bool is_token(std::string_view text) {
  const auto is_token_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

Error bad(std::string message) {
  return Error{ErrorKind::invalid_argument, std::move(message)};
}

}  // namespace

bool same_header_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
    return same_header_name(header.first, name);
  });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

Result<void> check_request(const HttpRequest& request) {
  if (!is_token(request.method)) return bad("the request method is not a token");
  for (const auto& header : request.headers) {
    const std::string& name = header.first;
    if (!is_token(name)) return bad("a request header has a name that is not a token");
    const std::string quoted = base::clip(name, kQuotedCharacters);
    if (header.second.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return bad("the value of the request header " + quoted + " holds CR, LF or NUL");
    }
    const bool framing = std::any_of(kFraming.begin(), kFraming.end(), [&](std::string_view ours) {
      return same_header_name(name, ours);
    });
    if (framing) return bad("the request header " + quoted + " cannot be set by hand");
  }
  return {};
}

}  // namespace motion_mcp::net
