#include "auth/client_metadata.h"

#include <algorithm>
#include <array>
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

struct Range {
  char32_t first;
  char32_t last;
};

// What could turn a line of text into another or shows nothing: controls, what changes the
// direction of writing, and Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties).
constexpr std::array<Range, 19> kUnfit = {{
    {0x00, 0x1F},     {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
}};
// Space_Separator, and a letter of Braille without a dot.
constexpr std::array<Range, 8> kBlank = {{{0x20, 0x20},
                                          {0xA0, 0xA0},
                                          {0x1680, 0x1680},
                                          {0x2000, 0x200A},
                                          {0x202F, 0x202F},
                                          {0x205F, 0x205F},
                                          {0x2800, 0x2800},
                                          {0x3000, 0x3000}}};

template <class Ranges>
bool is_within(char32_t character, const Ranges& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

// Of one character in valid UTF-8.
char32_t code_point(std::string_view character) {
  constexpr std::array<unsigned, 5> kLeadBits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t value = static_cast<unsigned char>(character[0]) & kLeadBits.at(character.size());
  for (const char c : character.substr(1)) value = value << 6U | (static_cast<unsigned>(c) & 0x3FU);
  return value;
}

// Without what is unfit and without blanks around it.
std::string read_name(const Json& metadata) {
  const auto member = metadata.find("client_name");
  if (member == metadata.end() || !member->is_string()) return {};
  const std::string_view given = member->get_ref<const std::string&>();
  std::string name;
  std::size_t end = 0;  // behind the last character that shows
  for (std::size_t at = 0; at < given.size();) {
    const std::size_t length = base::utf8_length_at(given, at);
    if (length == 0 || name.size() + length > kMaxClientNameBytes) break;
    const std::string_view character = given.substr(at, length);
    at += length;
    const char32_t value = code_point(character);
    const bool is_blank = is_within(value, kBlank);
    if (is_within(value, kUnfit) || (is_blank && name.empty())) continue;
    name += character;
    if (!is_blank) end = name.size();
  }
  name.resize(end);
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
