#include "app/setting_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace motion_mcp::app {

Error bad_setting(const Setting& setting, std::string_view expected) {
  return Error{ErrorKind::invalid_argument, setting.source + " must be " + std::string(expected) +
                                                ", not \"" + setting.text + "\""};
}

std::optional<std::string> SettingReader::variable(const std::string& name) const {
  return read_variable(environment_, name);
}

std::string SettingReader::first_variable(std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    if (auto value = variable(name)) return *value;
  }
  return {};
}

std::optional<Setting> SettingReader::flag(const std::string& name) const {
  const auto found = given_.find(name);
  if (found != given_.end() && !counts_as_unset(found->second)) {
    return Setting{found->second, "--" + name};
  }
  const std::string twin = environment_twin(name);
  if (auto text = variable(twin)) return Setting{*text, twin};
  return std::nullopt;
}

std::string SettingReader::text(const std::string& name, std::string fallback) const {
  if (auto setting = flag(name)) return std::move(setting)->text;
  return fallback;
}

std::vector<std::string> SettingReader::list(const std::string& name) const {
  const std::string given = text(name);
  std::string_view rest = given;
  std::vector<std::string> items;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return items;
}

Result<bool> SettingReader::boolean(const std::string& name, bool fallback) const {
  const auto setting = flag(name);
  if (!setting) return fallback;
  constexpr std::array<std::string_view, 4> kTrue = {"true", "1", "yes", "on"};
  constexpr std::array<std::string_view, 4> kFalse = {"false", "0", "no", "off"};
  if (std::find(kTrue.begin(), kTrue.end(), setting->text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), setting->text) != kFalse.end()) return false;
  return bad_setting(*setting, "true or false");
}

Result<std::size_t> SettingReader::number(const std::string& name, std::size_t least,
                                          std::size_t most, std::size_t fallback) const {
  const auto setting = flag(name);
  if (!setting) return fallback;
  std::size_t number = 0;
  const char* end = setting->text.data() + setting->text.size();
  const auto [at, error] = std::from_chars(setting->text.data(), end, number);
  if (error != std::errc() || at != end || number < least || number > most) {
    return bad_setting(
        *setting, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

Result<std::optional<ListenAddress>> SettingReader::address(const std::string& name) const {
  const auto setting = flag(name);
  if (!setting) return std::optional<ListenAddress>();
  ListenAddress address;
  constexpr std::string_view kExpected = "HOST:PORT, such as 127.0.0.1:8080 or [::1]:0";
  const std::string& text = setting->text;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return bad_setting(*setting, kExpected);

  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || at != end) return bad_setting(*setting, kExpected);

  address.host = text.substr(0, colon);
  if (address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    return bad_setting(*setting, kExpected);
  }
  if (address.host.empty()) return bad_setting(*setting, kExpected);
  return std::optional(address);
}

}  // namespace motion_mcp::app
