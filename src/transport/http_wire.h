#pragma once

// The bytes of one connection of http_listener, plain or TLS, for the coroutine that serves it.
// Private to the listener.

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace motion_mcp::transport {

namespace asio = boost::asio;
using boost::system::error_code;

// Every function but the destructor is called on the connection's I/O thread. An operation under
// way keeps it alive.
class HttpWire : public std::enable_shared_from_this<HttpWire> {
 public:
  using Clock = std::chrono::steady_clock;

  // `stall_time`: the connection is cut when its peer takes longer for a handshake, or to take up
  // to 16 KiB.
  HttpWire(const asio::any_io_executor& executor, std::chrono::milliseconds stall_time);
  virtual ~HttpWire() = default;
  HttpWire(const HttpWire&) = delete;
  HttpWire& operator=(const HttpWire&) = delete;

  // False when the peer cannot be spoken with.
  virtual asio::awaitable<bool> begin() = 0;
  // False when the peer is gone or takes nothing.
  virtual asio::awaitable<bool> write(std::string_view bytes) = 0;
  // The end in good order. After an answer, what the peer still sends is thrown away until it
  // closes its side (`lingers`): a connection closed over bytes that nobody read is reset, and the
  // reset overtakes the answer (RFC 9112 section 9.6).
  virtual asio::awaitable<void> end(bool lingers) = 0;
  void cut();

  // Sees to it that one read is under way. Its bytes are added to `received`, its end is the peer
  // leaving.
  void read_more();
  // From now on, or no longer: reads whatever comes, up to a limit.
  void read_ahead(bool is_wanted);
  // Ends the read under way. What it has brought by then is kept.
  asio::awaitable<void> stop_reading();
  [[nodiscard]] bool is_reading() const { return is_reading_; }
  [[nodiscard]] bool is_at_end() const { return is_at_end_; }
  // Bytes are there that the read under way will bring.
  [[nodiscard]] bool has_arrived();
  // What has come and nobody has taken.
  std::string& received() { return received_; }

  // Waits until `holds()`, which is looked at after every read and every wake(); false when
  // `deadline` came first.
  template <class Predicate>
  asio::awaitable<bool> until(Predicate holds, Clock::time_point deadline) {
    while (!holds()) {
      if (Clock::now() >= deadline) co_return false;
      changed_.expires_at(deadline);
      co_await changed_.async_wait(kToken);
    }
    co_return true;
  }
  void wake() { changed_.cancel(); }
  [[nodiscard]] asio::any_io_executor executor() { return changed_.get_executor(); }

  // Bytes written since the last call.
  std::size_t take_sent_count();

 protected:
  static constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

  // Reads once into `ahead_`, then calls on_read.
  virtual void start_read() = 0;
  void on_read(error_code error, std::size_t count);
  virtual asio::ip::tcp::socket& socket() = 0;

  // Cuts the connection when what is under way takes longer; `stop_watching` when it is done.
  void cut_after(std::chrono::milliseconds time);
  void cut_when_stalled() { cut_after(stall_time_); }
  void stop_watching() {
    ++watches_;
    stall_.cancel();
  }
  asio::awaitable<void> drop_the_rest();

  // The read has a buffer of its own, for `received_` moves while it waits.
  std::array<char, 4096> ahead_;
  std::size_t sent_ = 0;

 private:
  asio::steady_timer changed_;  // a condition variable of this thread
  asio::steady_timer stall_;
  std::size_t watches_ = 0;  // begun or ended: tells the one under way from those before it
  const std::chrono::milliseconds stall_time_;
  std::string received_;
  bool is_reading_ = false;
  bool reads_ahead_ = false;
  bool is_at_end_ = false;
};

std::shared_ptr<HttpWire> make_wire(asio::ip::tcp::socket socket,
                                    std::chrono::milliseconds stall_time);
std::shared_ptr<HttpWire> make_tls_wire(asio::ip::tcp::socket socket, asio::ssl::context& context,
                                        std::chrono::milliseconds stall_time);

}  // namespace motion_mcp::transport
