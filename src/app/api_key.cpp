#include "app/api_key.h"

#include <utility>

#include "app/local_file.h"

namespace motion_mcp::app {
namespace {

constexpr std::size_t kMaxKeyFileBytes = 4096;

}  // namespace

ApiKey read_api_key(const SettingReader& reader, const std::string& variable,
                    Result<void> (*check)(std::string_view key)) {
  ApiKey key;
  const std::string file_variable = variable + "_FILE";
  if (auto value = reader.variable(variable)) {
    key.value = std::move(*value);
  } else if (auto path = reader.variable(file_variable)) {
    key.file = std::move(*path);
    auto text = read_local_file(key.file, kMaxKeyFileBytes);
    if (!text) {
      key.problem = std::move(text).error();
      key.problem->kind = ErrorKind::no_credential;
      key.problem->message += " (" + file_variable + ")";
      return key;
    }
    key.value = std::move(*text);
  } else {
    return key;
  }
  key.value.erase(key.value.find_last_not_of(" \t\r\n") + 1);
  if (auto checked = check(key.value); !checked) key.problem = std::move(checked).error();
  return key;
}

}  // namespace motion_mcp::app
