#include "auth/client_metadata.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "auth/redirect_rules.h"
#include "base/json_value.h"
#include "base/text.h"

namespace motion_mcp::auth {
namespace {

Error refuse(std::string why) {
  return Error{ErrorKind::invalid_argument, std::move(why)};
}

// Whether the list `name` holds `value`; what is not there says `fallback`.
Result<bool> holds(const Json& metadata, const char* name, std::string_view value, bool fallback) {
  const auto list = metadata.find(name);
  if (list == metadata.end()) return fallback;
  const auto is_text = [](const Json& item) { return item.is_string(); };
  if (!list->is_array() || !std::all_of(list->begin(), list->end(), is_text)) {
    return refuse(std::string(name) + " must be a list of strings");
  }
  return std::any_of(list->begin(), list->end(),
                     [&](const Json& item) { return item.get_ref<const std::string&>() == value; });
}

// A character that could turn a line of text into another: controls (also U+0080 to U+009F),
// and what changes the direction of writing or shows nothing (U+200B to U+200F, U+2028 to U+202E,
// U+2060 to U+206F, U+FEFF).
bool is_unfit(std::string_view character) {
  if (character.size() == 1) return character[0] < ' ' || character[0] == '\x7f';
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
  if (byte(0) == 0xC2) return byte(1) < 0xA0;
  if (byte(0) == 0xE2 && byte(1) == 0x80) {
    return (byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xA8 && byte(2) <= 0xAE);
  }
  if (byte(0) == 0xE2 && byte(1) == 0x81) return byte(2) >= 0xA0 && byte(2) <= 0xAF;
  return character == "\xEF\xBB\xBF";
}

std::string read_name(const Json& metadata) {
  const auto member = metadata.find("client_name");
  if (member == metadata.end() || !member->is_string()) return {};
  const std::string_view given = member->get_ref<const std::string&>();
  std::string name;
  for (std::size_t at = 0; at < given.size();) {
    const std::size_t length = base::utf8_length_at(given, at);
    if (length == 0 || name.size() + length > kMaxClientNameBytes) break;
    const std::string_view character = given.substr(at, length);
    if (!is_unfit(character)) name += character;
    at += length;
  }
  return name;
}

}  // namespace

Result<std::vector<std::string>> read_redirect_uris(const Json& metadata) {
  const auto list = metadata.find("redirect_uris");
  if (list == metadata.end() || !list->is_array() || list->empty()) {
    return refuse("redirect_uris must name at least one redirect URI");
  }
  if (list->size() > kMaxRedirectUris) {
    return refuse("redirect_uris has more than " + std::to_string(kMaxRedirectUris) + " members");
  }
  std::vector<std::string> uris;
  for (const Json& item : *list) {
    if (!item.is_string()) return refuse("redirect_uris must be a list of strings");
    TRY(check_redirect_uri(item.get_ref<const std::string&>()));
    uris.push_back(item.get<std::string>());
  }
  return uris;
}

Result<Client> read_client_metadata(const Json& metadata) {
  if (!metadata.is_object()) return refuse("client metadata must be a JSON object");
  Client client;
  client.redirect_uris = TRY(read_redirect_uris(metadata));
  if (!TRY(holds(metadata, "grant_types", "authorization_code", true))) {
    return refuse("grant_types must hold authorization_code");
  }
  if (!TRY(holds(metadata, "response_types", "code", true))) {
    return refuse("response_types must hold code");
  }
  client.may_refresh = TRY(holds(metadata, "grant_types", "refresh_token", false));
  client.name = read_name(metadata);
  return client;
}

}  // namespace motion_mcp::auth
