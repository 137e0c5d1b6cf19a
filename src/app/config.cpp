#include "app/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "app/local_file.h"
#include "base/redact.h"
#include "motion/client.h"
#include "motion/errors.h"

namespace motion_mcp::app {
namespace {

constexpr std::size_t kMaxKeyFileBytes = 4096;
constexpr double kMaxSpeed = 10'000;
constexpr std::chrono::seconds kLongestMaxWait{3600};

// A value with the name that the user knows it by.
struct Value {
  std::string text;
  std::string source;
};

Error bad_value(const Value& value, std::string_view expected) {
  return Error{ErrorKind::invalid_argument,
               value.source + " must be " + std::string(expected) + ", not \"" + value.text + "\""};
}

class Reader {
 public:
  Reader(const GivenFlags& given, const Environment& environment)
      : given_(given), environment_(environment) {}

  std::optional<std::string> variable(const std::string& name) const {
    return read_variable(environment_, name);
  }

  std::string first_variable(std::initializer_list<const char*> names) const {
    for (const char* name : names) {
      if (auto value = variable(name)) return *value;
    }
    return {};
  }

  std::optional<Value> flag(const std::string& name) const {
    const auto found = given_.find(name);
    if (found != given_.end() && !counts_as_unset(found->second)) {
      return Value{found->second, "--" + name};
    }
    const std::string twin = environment_twin(name);
    if (auto text = variable(twin)) return Value{*text, twin};
    return std::nullopt;
  }

  std::string text(const std::string& name, std::string fallback = {}) const {
    const auto value = flag(name);
    return value ? value->text : std::move(fallback);
  }

  Result<bool> boolean(const std::string& name) const {
    const auto value = flag(name);
    if (!value) return false;
    constexpr std::array<std::string_view, 4> kTrue = {"true", "1", "yes", "on"};
    constexpr std::array<std::string_view, 4> kFalse = {"false", "0", "no", "off"};
    if (std::find(kTrue.begin(), kTrue.end(), value->text) != kTrue.end()) return true;
    if (std::find(kFalse.begin(), kFalse.end(), value->text) != kFalse.end()) return false;
    return bad_value(*value, "true or false");
  }

 private:
  const GivenFlags& given_;
  const Environment& environment_;
};

Result<double> read_speed(const Reader& reader, double fallback) {
  const auto value = reader.flag("speed");
  if (!value) return fallback;
  double speed = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [at, error] = std::from_chars(value->text.data(), end, speed);
  const bool is_number = error == std::errc() && at == end && std::isfinite(speed);
  if (!is_number || speed <= 0 || speed > kMaxSpeed) {
    return bad_value(*value, "a number above 0 and at most 10000");
  }
  return speed;
}

Result<std::chrono::seconds> read_max_wait(const Reader& reader, std::chrono::seconds fallback) {
  const auto value = reader.flag("max-wait");
  if (!value) return fallback;
  int count = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [at, error] = std::from_chars(value->text.data(), end, count);
  if (error != std::errc() || at != end || count < 1 || count > kLongestMaxWait.count()) {
    return bad_value(*value,
                     "a number of seconds from 1 to " + std::to_string(kLongestMaxWait.count()));
  }
  return std::chrono::seconds(count);
}

Result<base::LogLevel> read_log_level(const Reader& reader) {
  using base::LogLevel;
  const auto value = reader.flag("log-level");
  if (!value) return LogLevel::warning;
  if (value->text == "debug") return LogLevel::debug;
  if (value->text == "info") return LogLevel::info;
  if (value->text == "warning") return LogLevel::warning;
  if (value->text == "error") return LogLevel::error;
  if (value->text == "off") return LogLevel::off;
  return bad_value(*value, "debug, info, warning, error or off");
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

// "127.0.0.1:0", "[::1]:8391"
Result<ListenAddress> read_listen(const Reader& reader) {
  ListenAddress address;
  const auto value = reader.flag("listen");
  if (!value) return address;
  constexpr std::string_view kExpected = "HOST:PORT, such as 127.0.0.1:8080 or [::1]:0";
  const std::string& text = value->text;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return bad_value(*value, kExpected);

  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || at != end) return bad_value(*value, kExpected);

  address.host = text.substr(0, colon);
  if (address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    return bad_value(*value, kExpected);
  }
  if (address.host.empty()) return bad_value(*value, kExpected);
  return address;
}

ApiKey read_api_key(const Reader& reader) {
  ApiKey key;
  if (auto value = reader.variable("MOTION_API_KEY")) {
    key.value = std::move(*value);
  } else if (auto path = reader.variable("MOTION_API_KEY_FILE")) {
    key.file = std::move(*path);
    auto text = read_local_file(key.file, kMaxKeyFileBytes);
    if (!text) {
      key.problem = std::move(text).error();
      key.problem->kind = ErrorKind::no_credential;
      key.problem->message += " (MOTION_API_KEY_FILE)";
      return key;
    }
    key.value = std::move(*text);
  }
  key.value.erase(key.value.find_last_not_of(" \t\r\n") + 1);
  base::add_secret(key.value);
  if (auto checked = motion::check_key(key.value); !checked)
    key.problem = std::move(checked).error();
  return key;
}

// A proxy's URL may carry a name and a password.
void keep_proxy_secret(const std::string& proxy) {
  const std::size_t scheme = proxy.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t at = proxy.rfind('@');
  if (at == std::string::npos || at < begin) return;
  const std::string user_info = proxy.substr(begin, at - begin);
  base::add_secret(user_info);
  if (const std::size_t colon = user_info.find(':'); colon != std::string::npos) {
    base::add_secret(user_info.substr(colon + 1));
  }
}

// XDG Base Directory Specification: a relative XDG_DATA_HOME is to be ignored.
std::string read_data_folder(const Reader& reader) {
  const auto is_absolute = [](const std::optional<std::string>& path) {
    return path && path->front() == '/';
  };
  if (const auto data = reader.variable("XDG_DATA_HOME"); is_absolute(data)) {
    return *data + "/motion-mcp";
  }
  if (const auto home = reader.variable("HOME"); is_absolute(home)) {
    return *home + "/.local/share/motion-mcp";
  }
  return {};
}

}  // namespace

Result<Config> read_config(const GivenFlags& given, const Environment& environment) {
  const Reader reader(given, environment);
  Config config;
  config.api_key = read_api_key(reader);
  config.sandbox = TRY(reader.boolean("sandbox"));
  config.speed = TRY(read_speed(reader, config.speed));
  config.api_base_url =
      without_slash(reader.text("api-base-url", std::string(motion::kDefaultBaseUrl)));
  config.ca_file = reader.text("ca-file", reader.first_variable({"SSL_CERT_FILE"}));
  config.ca_dir = reader.first_variable({"SSL_CERT_DIR"});
  config.https_proxy = reader.first_variable({"https_proxy", "HTTPS_PROXY"});
  config.no_proxy = reader.first_variable({"no_proxy", "NO_PROXY"});
  keep_proxy_secret(config.https_proxy);
  if (const auto toolsets = reader.flag("toolsets")) config.toolsets = split_list(toolsets->text);
  config.read_only = TRY(reader.boolean("read-only"));
  config.max_wait = TRY(read_max_wait(reader, config.max_wait));
  config.log_level = TRY(read_log_level(reader));
  config.listen = TRY(read_listen(reader));
  config.wait = TRY(reader.boolean("wait"));
  config.output = reader.text("output");
  config.json = TRY(reader.boolean("json"));
  config.data_folder = read_data_folder(reader);
  return config;
}

}  // namespace motion_mcp::app
