#include "net/redirect.h"

#include <utility>

#include "base/digest.h"
#include "net/url.h"

namespace motion_mcp::net {
namespace {

Error refused(std::string why) {
  return Error{ErrorKind::bad_response, "the redirect was refused: " + std::move(why)};
}

std::string encoded(std::string_view location) {
  std::string text;
  for (const char c : location) {
    const bool may_stand = c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>';
    text += may_stand ? std::string(1, c) : "%" + base::to_hex({&c, 1});
  }
  return text;
}

std::string absolute(const Url& from, const std::string& location) {
  const std::string scheme = from.https ? "https:" : "http:";
  if (location.starts_with("//")) return scheme + location;
  if (location.starts_with('/')) return scheme + "//" + from.host_and_port() + location;
  return location;
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<std::string> redirect_target(std::string_view from, std::string_view location) {
  if (location.empty()) return refused("it names no place");
  const Url before = TRY(parse_url(from));
  std::string target = absolute(before, encoded(location));
  const auto after = parse_url(target);
  if (!after) return refused(after.error().message);
  if (!after->https && (before.https || !is_loopback_host(after->host))) {
    return refused("it leads to plain http (" + after->host + ")");
  }
  return target;
}

}  // namespace motion_mcp::net
