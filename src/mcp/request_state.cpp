#include "mcp/request_state.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace motion_mcp::mcp {
namespace {

std::int64_t seconds_of(base::WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

RequestState::RequestState(std::shared_ptr<const base::SealKeySource> keys,
                           const base::Clock& clock)
    : keys_(std::move(keys)), clock_(clock) {}

std::string RequestState::seal(std::string_view state, std::string_view binding) const {
  const std::string text = std::to_string(seconds_of(clock_.wall() + kLifetime)) + "\n";
  return base::seal(keys_->keys(), base::SealPurpose::state, binding, text + std::string(state));
}

std::optional<std::string> RequestState::open(std::string_view token,
                                              std::string_view binding) const {
  const auto text = base::open_sealed(keys_->keys(), base::SealPurpose::state, binding, token);
  if (!text) return std::nullopt;
  const std::size_t line_end = text->find('\n');
  if (line_end == std::string::npos) return std::nullopt;
  std::int64_t expires = 0;
  std::from_chars(text->data(), text->data() + line_end, expires);
  if (expires < seconds_of(clock_.wall())) return std::nullopt;
  return text->substr(line_end + 1);
}

}  // namespace motion_mcp::mcp
