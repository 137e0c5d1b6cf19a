#include <doctest/doctest.h>

#include <chrono>
#include <utility>

#include "base/worker_pool.h"
#include "golden/wire.h"
#include "transport/line_session.h"

namespace motion_mcp::golden {
namespace {

constexpr std::chrono::seconds kDeadline{20};

class StdioWire final : public Wire {
 public:
  StdioWire(const mcp::Server& server, mcp::Caller caller, TakeLine take)
      : take_(std::move(take)),
        session_(server, std::move(caller), pool_,
                 [this](std::string_view lines) { take_lines(lines); }) {}

  void send(std::string_view message) override {
    take_("-> " + std::string(message));
    session_.feed(message);
    session_.flush();
    REQUIRE(session_.wait_idle(base::system_clock().now() + kDeadline));
  }

 private:
  void take_lines(std::string_view lines) const {
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      take_("<- " + std::string(lines.substr(0, end)));
      lines.remove_prefix(end + 1);
    }
  }

  const TakeLine take_;
  base::WorkerPool pool_{{}};
  transport::LineSession session_;
};

}  // namespace

void Wire::set_header(std::string_view line) {
  FAIL("this transport has no headers: " << line);
}
void Wire::send_bodiless(std::string_view method) {
  FAIL("this transport has no methods: " << method);
}

std::unique_ptr<Wire> make_stdio_wire(const mcp::Server& server, mcp::Caller caller,
                                      TakeLine take) {
  return std::make_unique<StdioWire>(server, std::move(caller), std::move(take));
}

}  // namespace motion_mcp::golden
