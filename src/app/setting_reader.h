#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/environment.h"
#include "app/flags.h"
#include "base/result.h"

namespace motion_mcp::app {

struct ListenAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

// A value with the name that the user knows it by.
struct Setting {
  std::string text;
  std::string source;
};

// invalid_argument: "--speed must be a number, not "fast"".
Error bad_setting(const Setting& setting, std::string_view expected);

// Reads settings by the names of their flags: the flag, or else its environment twin. Every error
// is an invalid_argument that names where the value came from. `given` and `environment` must
// outlive it.
class SettingReader {
 public:
  SettingReader(const GivenFlags& given, const Environment& environment)
      : given_(given), environment_(environment) {}

  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const;
  // The first of these that is set, or nothing.
  [[nodiscard]] std::string first_variable(std::initializer_list<const char*> names) const;

  [[nodiscard]] std::optional<Setting> flag(const std::string& name) const;
  [[nodiscard]] std::string text(const std::string& name, std::string fallback = {}) const;
  // The items between commas, without blanks; empty ones are left out.
  [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
  [[nodiscard]] Result<bool> boolean(const std::string& name, bool fallback = false) const;
  [[nodiscard]] Result<std::size_t> number(const std::string& name, std::size_t least,
                                           std::size_t most, std::size_t fallback) const;
  // HOST:PORT, such as 127.0.0.1:0 or [::1]:8391
  [[nodiscard]] Result<std::optional<ListenAddress>> address(const std::string& name) const;

 private:
  const GivenFlags& given_;
  const Environment& environment_;
};

}  // namespace motion_mcp::app
