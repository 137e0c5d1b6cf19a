// A byte stream to the transport of stdio, cut in pieces, its calls on threads. Tries to have a
// request answered twice or not at all, and a line written that is no message.
//
// The first byte says how long the pieces are.
#include <algorithm>
#include <chrono>
#include <mutex>

#include "base/worker_pool.h"
#include "fuzz/answers.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/toy_server.h"
#include "transport/line_session.h"
#include "transport/line_splitter.h"

namespace motion_mcp::fuzz {
namespace {

constexpr auto kDeadline = std::chrono::seconds(20);

// How many messages are to come back, if no call is cancelled. A batch that is served has one; so
// has one that is refused.
std::size_t count_due(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.find_first_not_of(" \t") == std::string_view::npos) return 0;
  const auto parsed = jsonrpc::parse(line);
  const auto* message = std::get_if<jsonrpc::Message>(&parsed);
  return message == nullptr || due_for(*message).is_answered ? 1 : 0;
}

bool may_cancel(std::string_view bytes) {
  return bytes.find("cancelled") != std::string_view::npos ||
         bytes.find('\\') != std::string_view::npos;  // which can spell it, too
}

// Whether the bytes hold a batch, which may have nothing to be answered.
bool may_have_batch(std::string_view bytes) {
  return bytes.find('[') != std::string_view::npos;
}

class Output {
 public:
  void take(std::string_view lines) {
    const std::lock_guard lock(mutex_);
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      require(end != std::string_view::npos, "whole lines are written", lines);
      take_line(lines.substr(0, end));
      lines.remove_prefix(end + 1);
    }
  }
  [[nodiscard]] std::size_t answers() const {
    const std::lock_guard lock(mutex_);
    return answers_;
  }

 private:
  void take_line(std::string_view line) {
    const Json message = require_json_line(line);
    const bool is_answer = message.is_array() || !message.contains("method");
    if (is_answer) ++answers_;
  }

  mutable std::mutex mutex_;
  std::size_t answers_ = 0;
};

}  // namespace

void try_bytes(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t piece = std::max<std::size_t>(static_cast<unsigned char>(bytes.front()), 1);
  bytes.remove_prefix(1);

  std::size_t due = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    due += count_due(bytes.substr(at, end - at));
    at = end + 1;
  }

  ToyServer toys;
  base::WorkerPool pool({});
  Output output;
  transport::LineSession session(toys.server, {"motion_0123456789abcdef"}, pool,
                                 [&](std::string_view lines) { output.take(lines); });
  transport::LineSplitter splitter;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    splitter.add(bytes.substr(at, piece), session);
    session.flush();
  }
  splitter.finish(session);
  session.flush();
  // Subscriptions and questions that nobody answers go on until then.
  session.stop();
  require(session.wait_idle(base::system_clock().now() + kDeadline), "every call ends", bytes);

  require(output.answers() <= due, "nothing is answered twice", bytes);
  if (may_cancel(bytes) || may_have_batch(bytes)) return;
  require(output.answers() == due, "every request is answered", bytes);
}

}  // namespace motion_mcp::fuzz
