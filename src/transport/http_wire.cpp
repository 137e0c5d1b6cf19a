#include "transport/http_wire.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <type_traits>
#include <utility>

namespace motion_mcp::transport {
namespace {

using asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;

// How much of the next requests is taken in while one is served.
constexpr std::size_t kReadAheadBytes = 32UL * 1024;
constexpr std::size_t kWriteSliceBytes = 16UL * 1024;
// How long the end of a connection may take.
constexpr std::chrono::seconds kLinger{1};

// `Stream` is tcp::socket or TlsStream.
template <class Stream>
class StreamWire final : public HttpWire {
 public:
  StreamWire(Stream stream, std::chrono::milliseconds stall_time)
      : HttpWire(stream.get_executor(), stall_time), stream_(std::move(stream)) {}

  asio::awaitable<bool> begin() override {
    error_code ignored;
    socket().set_option(tcp::no_delay(true), ignored);
    socket().non_blocking(true, ignored);
    if constexpr (kIsTls) {
      cut_when_stalled();
      const auto [error] = co_await stream_.async_handshake(Stream::server, kToken);
      stop_watching();
      co_return !error;
    }
    co_return true;
  }

  asio::awaitable<bool> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      if constexpr (!kIsTls) {
        error_code error;
        const std::size_t count =
            stream_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
        sent_ += count;
        bytes.remove_prefix(count);
        if (!error) continue;
        if (error != asio::error::would_block) co_return false;
      }
      const std::string_view slice = bytes.substr(0, kWriteSliceBytes);
      cut_when_stalled();
      const auto [error, count] =
          co_await asio::async_write(stream_, asio::buffer(slice.data(), slice.size()), kToken);
      stop_watching();
      sent_ += count;
      if (error) co_return false;
      bytes.remove_prefix(count);
    }
    co_return true;
  }

  asio::awaitable<void> end(bool lingers) override {
    error_code ignored;
    cut_after(kLinger);
    co_await stop_reading();
    if constexpr (kIsTls) co_await stream_.async_shutdown(kToken);
    socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (lingers) co_await drop_the_rest();
    stop_watching();
  }

 private:
  static constexpr bool kIsTls = !std::is_same_v<Stream, tcp::socket>;

  tcp::socket& socket() override {
    if constexpr (kIsTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void start_read() override {
    stream_.async_read_some(asio::buffer(ahead_),
                            [this, self = shared_from_this()](error_code error, std::size_t count) {
                              on_read(error, count);
                            });
  }

  Stream stream_;
};

}  // namespace

HttpWire::HttpWire(const asio::any_io_executor& executor, std::chrono::milliseconds stall_time)
    : changed_(executor), stall_(executor), stall_time_(stall_time) {}

void HttpWire::cut() {
  error_code ignored;
  socket().close(ignored);
}

void HttpWire::read_more() {
  if (is_reading_ || is_at_end_) return;
  is_reading_ = true;
  start_read();
}

void HttpWire::on_read(error_code error, std::size_t count) {
  is_reading_ = false;
  if (error) {
    is_at_end_ = true;
  } else {
    received_.append(ahead_.data(), count);
    if (reads_ahead_ && received_.size() < kReadAheadBytes) read_more();
  }
  wake();
}

void HttpWire::read_ahead(bool is_wanted) {
  reads_ahead_ = is_wanted;
  if (is_wanted && received_.size() < kReadAheadBytes) read_more();
}

asio::awaitable<void> HttpWire::stop_reading() {
  error_code ignored;
  socket().cancel(ignored);
  co_await until([&] { return !is_reading_; }, Clock::time_point::max());
}

bool HttpWire::has_arrived() {
  error_code ignored;
  return socket().available(ignored) > 0;
}

std::size_t HttpWire::take_sent_count() {
  return std::exchange(sent_, 0);
}

void HttpWire::cut_after(std::chrono::milliseconds time) {
  stall_.expires_after(time);
  stall_.async_wait([weak = weak_from_this(), watch = ++watches_](error_code error) {
    const auto self = weak.lock();
    // A wait that has run out is not cancelled any more, even if nobody has heard of it yet.
    if (!error && self && self->watches_ == watch) self->cut();
  });
}

asio::awaitable<void> HttpWire::drop_the_rest() {
  for (;;) {
    const auto [error, count] = co_await socket().async_read_some(asio::buffer(ahead_), kToken);
    if (error) co_return;
  }
}

std::shared_ptr<HttpWire> make_wire(tcp::socket socket, std::chrono::milliseconds stall_time) {
  return std::make_shared<StreamWire<tcp::socket>>(std::move(socket), stall_time);
}

std::shared_ptr<HttpWire> make_tls_wire(tcp::socket socket, asio::ssl::context& context,
                                        std::chrono::milliseconds stall_time) {
  return std::make_shared<StreamWire<TlsStream>>(TlsStream(std::move(socket), context), stall_time);
}

}  // namespace motion_mcp::transport
