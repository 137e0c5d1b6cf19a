#include "app/progress_line.h"

#include <array>
#include <cstdio>

namespace motion_mcp::app {
namespace {

constexpr std::string_view kRewrite = "\r\x1b[K";  // to the line's beginning, erase the rest

}  // namespace

std::string clock_text(base::SteadyTime::duration elapsed) {
  const auto total = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  const auto hours = static_cast<long>(total / 3600);
  const auto minutes = static_cast<long>(total / 60 % 60);
  const auto seconds = static_cast<long>(total % 60);
  std::array<char, 48> text{};
  if (hours > 0) {
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", hours, minutes, seconds);
  } else {
    std::snprintf(text.data(), text.size(), "%ld:%02ld", minutes, seconds);
  }
  return text.data();
}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(std::string_view status, std::string_view detail) {
  if (!is_live() && status == shown_) return;
  shown_ = status;
  std::string line = clock_text(clock_.now() - begun_) + "  " + std::string(status);
  if (!is_live()) {
    console_.err(line + "\n");
    return;
  }
  if (!detail.empty()) line.append("  ").append(detail);
  console_.err(std::string(kRewrite) + line);
  is_open_ = true;
}

void ProgressLine::clear() {
  if (is_open_) console_.err(kRewrite);
  is_open_ = false;
}

}  // namespace motion_mcp::app
