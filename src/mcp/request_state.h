#pragma once

// The `requestState` of MCP 2026-07-28: what a tool wants back from one round of a call to the
// next, sealed so that it is good for the same caller, tool and arguments only, and not for long.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/seal_key_source.h"

namespace motion_mcp::mcp {

// Thread-safe. `clock` must outlive it.
class RequestState {
 public:
  // People need a while to answer; a host may ask them after a meal.
  static constexpr std::chrono::minutes kLifetime{30};

  RequestState(std::shared_ptr<const base::SealKeySource> keys, const base::Clock& clock);

  // `binding` is everything that the next round must repeat.
  [[nodiscard]] std::string seal(std::string_view state, std::string_view binding) const;
  // Nullopt when `token` is not what was handed out for this binding, or too old.
  [[nodiscard]] std::optional<std::string> open(std::string_view token,
                                                std::string_view binding) const;

 private:
  const std::shared_ptr<const base::SealKeySource> keys_;
  const base::Clock& clock_;
};

}  // namespace motion_mcp::mcp
