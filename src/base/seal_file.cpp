#include "base/seal_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/private_file.h"
#include "base/random.h"
#include "base/redact.h"

namespace motion_mcp::base {
namespace {

constexpr std::size_t kMaxFileBytes = 65536;

Error bad_line(const std::string& path, int number) {
  return Error{ErrorKind::invalid_argument, "line " + std::to_string(number) + " of " + path +
                                                " is not a base64url key of 32 bytes"};
}

}  // namespace

Result<SealKeys> read_seal_keys(const std::string& path) {
  const std::string content = TRY(read_private_file(path, kMaxFileBytes));
  std::vector<std::string> keys;
  std::string_view rest = content;
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    auto key = decode_base64url(line);
    if (!key || key->size() != kSealKeyBytes) return bad_line(path, number);
    add_secret(line);
    keys.push_back(*std::move(key));
  }
  auto made = SealKeys::make(keys);
  if (!made) return Error{made.error().kind, made.error().message + " in " + path};
  return made;
}

Result<SealKeys> read_or_make_seal_keys(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    TRY(make_private_folder(std::filesystem::path(path).parent_path().string()));
    TRY(make_private_file(path, encode_base64url(random_bytes(kSealKeyBytes)) + "\n"));
  }
  return read_seal_keys(path);
}

}  // namespace motion_mcp::base
