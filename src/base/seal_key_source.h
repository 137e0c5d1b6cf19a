#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/seal.h"

namespace motion_mcp::base {

// One key that nobody else has, and that ends with the process.
SealKeys new_seal_keys();

// Seal keys that are not read before something is sealed or opened: hosts start processes only to
// look. Thread-safe.
class SealKeySource {
 public:
  // `load` runs once, on the thread that asks first. It must not throw.
  explicit SealKeySource(std::function<SealKeys()> load) : load_(std::move(load)) {}
  explicit SealKeySource(SealKeys keys)
      : SealKeySource([keys = std::move(keys)] { return keys; }) {}

  // new_seal_keys(), for who is alone with its client.
  static std::shared_ptr<const SealKeySource> of_this_process();

  [[nodiscard]] const SealKeys& keys() const;

 private:
  const std::function<SealKeys()> load_;
  mutable std::once_flag once_;
  mutable std::optional<SealKeys> keys_;
};

}  // namespace motion_mcp::base
