#pragma once

#include <string>
#include <string_view>

#include "app/console.h"
#include "base/clock.h"

namespace motion_mcp::app {

// "0:07", "12:30", "1:02:05"
std::string clock_text(base::SteadyTime::duration elapsed);

// What is going on, on stderr: one line rewritten in place on a terminal, else a line for each
// change. One thread's.
class ProgressLine {
 public:
  ProgressLine(const Console& console, const base::Clock& clock)
      : console_(console), clock_(clock), begun_(clock.now()) {}
  // Ends the line.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // `status` is what goes on; `detail` changes often and shows on a terminal only.
  void show(std::string_view status, std::string_view detail = {});
  // Takes the line away, so that something else can be written.
  void clear();
  // True when show() rewrites a line, so that calling it every second makes sense.
  [[nodiscard]] bool is_live() const { return console_.err_is_terminal; }

 private:
  const Console& console_;
  const base::Clock& clock_;
  const base::SteadyTime begun_;
  std::string shown_;
  bool is_open_ = false;
};

}  // namespace motion_mcp::app
