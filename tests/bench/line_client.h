#pragma once

// A server process on two pipes, and requests to it with many in flight. Made to cost little beside
// the server: one thread, prepared request texts, one write for all answers of one read.

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace motion_mcp::bench {

class LineClient {
 public:
  // Starts `command` (argv, found by PATH) with stderr to /dev/null. Exits the program when that
  // fails.
  explicit LineClient(const std::vector<std::string>& command);
  ~LineClient();  // closes the input, gives the server 5 s to end, then kills it
  LineClient(const LineClient&) = delete;
  LineClient& operator=(const LineClient&) = delete;

  void send(std::string_view line);
  // The next line, without its end. Exits the program when the server ends or is silent for 60 s.
  std::string receive();

  // Has `depth` requests in flight until `done(answered)` says so, then collects the answers that
  // are still out; returns how many came. `request(id)` is a whole line with its end; `inspect`
  // sees each answer.
  std::size_t keep_in_flight(std::size_t depth,
                             const std::function<std::string(std::size_t id)>& request,
                             const std::function<void(std::string_view)>& inspect,
                             const std::function<bool(std::size_t answered)>& done);

  // Resident set, and processor time of all threads so far, from /proc.
  [[nodiscard]] std::size_t resident_kib() const;
  [[nodiscard]] double processor_seconds() const;

 private:
  void fill(bool writing);

  pid_t pid_ = -1;
  int to_server_ = -1;
  int from_server_ = -1;
  std::string outgoing_;
  std::size_t outgoing_at_ = 0;
  std::string incoming_;
  std::size_t incoming_at_ = 0;
};

}  // namespace motion_mcp::bench
