#pragma once

// The `taskId`: everything that is needed to find a task again, sealed for the caller who started
// it (base/seal.h), so that it is good after a restart and for every replica with the same keys.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/seal_key_source.h"
#include "mcp/tool.h"

namespace motion_mcp::mcp {

// An id goes into an HTTP header (Mcp-Name), where some proxies are narrow.
inline constexpr std::size_t kMaxTaskIdBytes = 512;
// What fits into one beside the name of the tool.
inline constexpr std::size_t kMaxTaskStateBytes = 256;

struct TaskTicket {
  std::string tool;
  base::WallTime created;  // to the millisecond
  std::string state;       // StartedTask::state
};

// Thread-safe.
class TaskIds {
 public:
  explicit TaskIds(std::shared_ptr<const base::SealKeySource> keys) : keys_(std::move(keys)) {}

  // Of the characters [A-Za-z0-9_-]. Nullopt when it would be longer than kMaxTaskIdBytes.
  [[nodiscard]] std::optional<std::string> seal(const TaskTicket& ticket,
                                                const Caller& caller) const;
  // Nullopt when `id` is not one that was made for this caller. An id has no end: the work that it
  // names decides how long there is something to tell.
  [[nodiscard]] std::optional<TaskTicket> open(std::string_view id, const Caller& caller) const;

 private:
  const std::shared_ptr<const base::SealKeySource> keys_;
};

}  // namespace motion_mcp::mcp
