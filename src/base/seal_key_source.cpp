#include "base/seal_key_source.h"

#include "base/random.h"

namespace motion_mcp::base {

SealKeys new_seal_keys() {
  // It cannot fail: there is one key, of the right length.
  return *SealKeys::make({random_bytes(kSealKeyBytes)});
}

std::shared_ptr<const SealKeySource> SealKeySource::of_this_process() {
  return std::make_shared<const SealKeySource>(new_seal_keys);
}

const SealKeys& SealKeySource::keys() const {
  std::call_once(once_, [this] { keys_ = load_(); });
  return *keys_;
}

}  // namespace motion_mcp::base
