#include "mcp/task_id.h"

#include <charconv>
#include <cstdint>
#include <system_error>

#include "base/owner.h"

namespace motion_mcp::mcp {
namespace {

using std::chrono::milliseconds;

std::int64_t millis_of(base::WallTime time) {
  return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

// Nullopt for what no clock shows.
std::optional<base::WallTime> parse_millis(std::string_view text) {
  constexpr auto kLatest =
      std::chrono::duration_cast<milliseconds>(base::WallTime::duration::max() / 2);
  std::int64_t millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (millis < 0 || millis > kLatest.count()) return std::nullopt;
  return base::WallTime(milliseconds(millis));
}

}  // namespace

std::optional<std::string> TaskIds::seal(const TaskTicket& ticket, const Caller& caller) const {
  if (ticket.state.size() > kMaxTaskStateBytes) return std::nullopt;
  const std::string text =
      ticket.tool + "\n" + std::to_string(millis_of(ticket.created)) + "\n" + ticket.state;
  std::string id =
      base::seal(keys_->keys(), base::SealPurpose::task, base::owner_id(caller.credential), text);
  if (id.size() > kMaxTaskIdBytes) return std::nullopt;
  return id;
}

std::optional<TaskTicket> TaskIds::open(std::string_view id, const Caller& caller) const {
  if (id.size() > kMaxTaskIdBytes) return std::nullopt;
  const auto text = base::open_sealed(keys_->keys(), base::SealPurpose::task,
                                      base::owner_id(caller.credential), id);
  if (!text) return std::nullopt;
  const std::size_t tool_end = text->find('\n');
  const std::size_t time_end = text->find('\n', tool_end + 1);
  if (tool_end == std::string::npos || time_end == std::string::npos) return std::nullopt;
  const auto created =
      parse_millis(std::string_view(*text).substr(tool_end + 1, time_end - tool_end - 1));
  if (!created) return std::nullopt;
  return TaskTicket{text->substr(0, tool_end), *created, text->substr(time_end + 1)};
}

}  // namespace motion_mcp::mcp
