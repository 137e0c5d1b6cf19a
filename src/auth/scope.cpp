#include "auth/scope.h"

#include <algorithm>

namespace motion_mcp::auth {

std::string to_string(Scope scope) {
  std::string text(kReadScope);
  if (scope == Scope::create) text.append(" ").append(kCreateScope);
  return text;
}

Result<AskedScope> parse_scope(std::string_view text) {
  AskedScope asked;
  bool reads = false;
  bool creates = false;
  bool has_others = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view name = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (name == kReadScope) {
      reads = true;
    } else if (name == kCreateScope) {
      creates = true;
    } else if (name == kOfflineScope) {
      asked.is_offline = true;
    } else if (!name.empty()) {
      has_others = true;
    }
  }
  if (!reads && !creates && has_others) {
    return Error{ErrorKind::invalid_argument,
                 "none of the scopes is known here; they are " + to_string(Scope::create)};
  }
  if (reads && !creates) asked.scope = Scope::read;
  return asked;
}

}  // namespace motion_mcp::auth
