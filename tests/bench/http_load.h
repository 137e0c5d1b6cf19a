#pragma once

// Many HTTP/1.1 connections to servers on loopback, one request in flight on each. One thread and
// prepared request texts, so that it costs little beside the servers. Every answer is checked.

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/http_answer.h"

namespace motion_mcp::bench {

using Clock = std::chrono::steady_clock;

// How long anything may take at all.
inline constexpr std::chrono::seconds kPatience{60};

// http://127.0.0.1:8391/mcp
struct Endpoint {
  std::string authority;
  std::string path;
  sockaddr_in address{};
};
Endpoint parse_endpoint(const std::string& url);

// The digits that a request's id has in its text before it is numbered; all ids have as many.
inline constexpr std::string_view kIdDigits = "100000000";

// A request and how its right answer is known.
struct Ask {
  std::string text;  // head and body; kIdDigits in the body become the request's own number
  int status = 200;
  // What the answer's body must hold, besides the request's id if it has one.
  std::vector<std::string> signs;
};

// A JSON answer for the whole body, or in the last event of a stream.
std::string_view message_of(std::string_view body);

// Connections that do the same.
struct Group {
  Endpoint endpoint;
  std::size_t connections = 1;
  // What connection i asks first, once each, and what it asks then. `session` is what
  // Mcp-Session-Id said in an answer before.
  std::vector<std::function<Ask(std::size_t i, const std::string& session)>> opening;
  std::function<Ask(std::size_t i, const std::string& session)> ask;
  bool asks_once = false;  // then its time counts from the connect() on
  std::function<void(std::size_t i, std::string_view message)> on_answer;  // may be empty
};

struct Figures {
  std::vector<std::uint32_t> latencies_us;
  std::size_t answers = 0;
  std::size_t errors = 0;
  std::string first_error;
};

class HttpLoad {
 public:
  HttpLoad();
  ~HttpLoad();
  HttpLoad(const HttpLoad&) = delete;
  HttpLoad& operator=(const HttpLoad&) = delete;

  // Opens the group's connections, all at once; they begin to ask as soon as they are open.
  // Returns the group's number.
  std::size_t add(Group group);
  // Lets all groups go on until `is_done()` or `deadline`; false for the latter.
  bool run(const std::function<bool()>& is_done, Clock::time_point deadline);

  // How many connections have had an answer to an `ask`, and whether all have or are lost.
  [[nodiscard]] std::size_t answered(std::size_t group) const;
  [[nodiscard]] bool is_settled(std::size_t group) const;
  // Since the group was added, or since its figures were last taken.
  Figures take_figures(std::size_t group);
  // The group asks nothing more. What is still in flight at `deadline` counts as errors.
  void finish(std::size_t group, Clock::time_point deadline);
  // Its connections have another request each, and the group asks on.
  void ask_again(std::size_t group);

 private:
  struct Connection;
  struct Crew;

  void open(Crew& crew, std::size_t index);
  void handle(Connection& connection, std::uint32_t events);
  void read(Connection& connection);
  void take_answer(Connection& connection);
  void ask_next(Connection& connection);
  void send(Connection& connection);
  void fail(Connection& connection, const std::string& why);

  int epoll_ = -1;
  std::vector<std::unique_ptr<Crew>> crews_;
};

}  // namespace motion_mcp::bench
