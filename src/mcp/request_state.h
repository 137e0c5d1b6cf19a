#pragma once

// The `requestState` of MCP 2026-07-28: what a tool wants back from one round of a call to the
// next, sealed so that it is good for the same caller, tool and arguments only, and not for long.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/seal.h"

namespace motion_mcp::mcp {

// Thread-safe. `clock` must outlive it.
class RequestState {
 public:
  // People need a while to answer; a host may ask them after a meal.
  static constexpr std::chrono::minutes kLifetime{30};

  // Without keys it makes one of its own at first use: enough for one process.
  RequestState(std::shared_ptr<const base::SealKeys> keys, const base::Clock& clock);

  // `binding` is everything that the next round must repeat.
  [[nodiscard]] std::string seal(std::string_view state, std::string_view binding) const;
  // Nullopt when `token` is not what was handed out for this binding, or too old.
  [[nodiscard]] std::optional<std::string> open(std::string_view token,
                                                std::string_view binding) const;

 private:
  [[nodiscard]] const base::SealKeys& keys() const;

  mutable std::once_flag made_;
  mutable std::shared_ptr<const base::SealKeys> keys_;
  const base::Clock& clock_;
};

}  // namespace motion_mcp::mcp
