#include "app/seal_keys.h"

#include <string>
#include <utility>

#include "base/log.h"
#include "base/seal_file.h"

namespace motion_mcp::app {
namespace {

Result<base::SealKeys> from_file(const std::string& path) {
  if (path.empty()) return Error{ErrorKind::unavailable, "there is no data folder"};
  return base::read_or_make_seal_keys(path);
}

base::SealKeys own_keys(const Error& why) {
  base::log_warning(why.message +
                    ": what is sealed (ids of tasks and sessions, with --oauth also logins and "
                    "registered clients) is good until this process ends, and not after");
  return base::new_seal_keys();
}

}  // namespace

Result<base::SealKeys> read_seal_keys_now(const Config& config) {
  auto keys = from_file(config.seal_key_file);
  if (keys || config.seal_key_file_was_given) return keys;
  return own_keys(keys.error());
}

std::shared_ptr<const base::SealKeySource> seal_keys_at_first_use(const Config& config) {
  return std::make_shared<const base::SealKeySource>([path = config.seal_key_file] {
    auto keys = from_file(path);
    return keys ? *std::move(keys) : own_keys(keys.error());
  });
}

}  // namespace motion_mcp::app
