#pragma once

// A faulty network on loopback: an HTTP proxy in front of one upstream that lets every request pass
// but those it was told to harm. Give the program under test base_url() where the service's URL
// would stand.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_client.h"

namespace motion_mcp::fakes {

// What happens to one request.
struct Fault {
  enum class Kind {
    reset_before_request,  // the upstream never sees it
    reset_after_request,   // the upstream has it whole; the reset comes before its answer
    reset_after_answer,    // the upstream has answered; nothing of that comes back
    cut_body,              // the answer ends after `body_bytes` bytes of its body
    drip_body,             // the answer's body comes byte by byte, `pause` before each
    stall,                 // the upstream has it; nothing ever comes back
    answer,                // the proxy answers itself; the upstream never sees it
    answer_instead,        // the upstream has it; the proxy answers in its place
  };
  Kind kind;
  std::size_t body_bytes = 0;
  std::chrono::milliseconds pause{0};
  std::string answer_text = {};  // the whole answer, as sent

  static Fault reset_before_request() { return {Kind::reset_before_request}; }
  static Fault reset_after_request() { return {Kind::reset_after_request}; }
  static Fault reset_after_answer() { return {Kind::reset_after_answer}; }
  static Fault cut_body(std::size_t after_bytes) { return {Kind::cut_body, after_bytes}; }
  static Fault drip_body(std::chrono::milliseconds pause) { return {Kind::drip_body, 0, pause}; }
  static Fault stall() { return {Kind::stall}; }
  // Content-Length is added.
  static Fault answer(int status, std::string_view body, const net::Headers& headers = {});
  static Fault answer_instead(int status, std::string_view body, const net::Headers& headers = {});
  // What a front end in trouble sends.
  static Fault html(int status);
  static Fault not_json();
};

// Thread-safe. Requests are counted from 1 in the order in which their heads arrive, whatever the
// connection. The destructor ends every connection, stalled ones too.
class FaultProxy {
 public:
  // `upstream_port` on 127.0.0.1, plain HTTP.
  explicit FaultProxy(std::uint16_t upstream_port);
  ~FaultProxy();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string base_url() const;  // "http://127.0.0.1:port"

  // Harms the n-th request with `method`; the n-th of all when `method` is empty. Once.
  void harm(std::string_view method, std::size_t n, Fault fault);
  // Ends all connections and refuses new ones for that long.
  void refuse_for(std::chrono::milliseconds time);
  // Ends all connections that wait for a request, as an idle timeout does.
  void drop_idle_connections();

  // With that method, or all when it is empty.
  [[nodiscard]] std::size_t received(std::string_view method = {}) const;
  [[nodiscard]] std::size_t forwarded(std::string_view method = {}) const;
  [[nodiscard]] std::size_t connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace motion_mcp::fakes
