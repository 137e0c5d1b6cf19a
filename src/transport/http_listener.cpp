#include "transport/http_listener.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <exception>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "base/random.h"
#include "transport/http_connection.h"

namespace motion_mcp::transport {
namespace {

using asio::ip::tcp;

constexpr int kBacklog = 1024;
// Connections are taken in bursts: one per turn of the loop starves behind a thousand busy ones.
constexpr int kAcceptBurst = 256;
// When the process has no descriptors left.
constexpr std::chrono::milliseconds kAcceptPause{50};
// Those beyond the limit that are told so at the same time; more are cut without a word.
constexpr std::size_t kMaxTurningAway = 256;
constexpr auto kForever = base::SteadyTime::max();

std::size_t io_thread_count() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 4);
}

std::string address_of(const tcp::socket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? std::string() : peer.address().to_string();
}

Result<std::unique_ptr<asio::ssl::context>> make_tls(const HttpListenerOptions& options) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                           asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                       error);
  const auto fail = [&](const std::string& file) {
    return Error{ErrorKind::invalid_argument,
                 "\"" + file + "\" does not serve for TLS: " + error.message()};
  };
  context->use_certificate_chain_file(options.tls_certificate_file, error);
  if (error) return fail(options.tls_certificate_file);
  context->use_private_key_file(options.tls_key_file, asio::ssl::context::pem, error);
  if (error) return fail(options.tls_key_file);
  return context;
}

// An I/O thread and the connections it serves.
class IoThread {
 public:
  IoThread() : context_(1), guard_(asio::make_work_guard(context_)) {}
  ~IoThread() {
    guard_.reset();
    if (thread_.joinable()) thread_.join();
  }
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  void start() {
    thread_ = std::thread([this] { context_.run(); });
  }

  asio::io_context& context() { return context_; }

  // Serves a connection to its end. Thread-safe.
  void serve(std::unique_ptr<HttpConnection> connection, std::shared_ptr<HttpHub> hub) {
    asio::co_spawn(
        context_,
        [this, connection = std::move(connection),
         hub = std::move(hub)]() -> asio::awaitable<void> {
          connections_.insert(connection.get());
          co_await connection->run();
          connections_.erase(connection.get());
          hub->connections.end();
        },
        asio::detached);
  }

  // Calls `tell` for every connection, on the thread. Thread-safe.
  void for_each(void (HttpConnection::*tell)()) {
    asio::post(context_, [this, tell] {
      for (HttpConnection* connection : connections_) (connection->*tell)();
    });
  }

 private:
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  std::set<HttpConnection*> connections_;  // on the thread alone
  std::thread thread_;
};

}  // namespace

struct HttpListener::Impl {
  Impl(const HttpListenerOptions& options, base::WorkerPool& pool, HttpObserver& observer)
      : hub(std::make_shared<HttpHub>(options, pool, observer)),
        threads(io_thread_count()),
        acceptor(threads.front().context()) {}

  std::optional<Error> listen() {
    const HttpListenerOptions& options = hub->options;
    error_code error;
    const auto fail = [&] {
      return Error{ErrorKind::unavailable, "cannot listen on " + options.host + ":" +
                                               std::to_string(options.port) + ": " +
                                               error.message()};
    };
    tcp::resolver resolver(threads.front().context());
    const auto found =
        resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
    if (error) return fail();
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor.open(endpoint.protocol(), error);
    if (error) return fail();
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
    acceptor.bind(endpoint, error);
    if (error) return fail();
    acceptor.listen(kBacklog, error);
    if (error) return fail();
    acceptor.non_blocking(true, error);
    port = acceptor.local_endpoint(error).port();
    return std::nullopt;
  }

  void start() {
    accepting.begin();
    asio::co_spawn(threads.front().context(), accept_connections(),
                   [this](const std::exception_ptr&) { accepting.end(); });
    for (IoThread& thread : threads) thread.start();
  }

  asio::awaitable<void> accept_connections() {
    error_code error;
    while (acceptor.is_open()) {
      co_await acceptor.async_wait(tcp::acceptor::wait_read,
                                   asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      for (int i = 0; i < kAcceptBurst; ++i) {
        IoThread& thread = threads[next % threads.size()];
        tcp::socket socket(thread.context());
        acceptor.accept(socket, error);
        if (error == asio::error::would_block) break;
        if (error == asio::error::bad_descriptor) co_return;
        if (error) {
          asio::steady_timer pause(threads.front().context(), kAcceptPause);
          co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
          break;
        }
        ++next;
        take(thread, std::move(socket));
      }
    }
  }

  void take(IoThread& thread, tcp::socket socket) {
    ++hub->accepted;
    const bool is_full = hub->connections.count() - hub->turning_away >= hub->options.connections;
    if (is_full) {
      ++hub->turned_away;
      if (hub->turning_away >= kMaxTurningAway) return;
      ++hub->turning_away;
    }

    std::string peer = address_of(socket);
    std::string id = base::to_hex(base::random_bytes(6));
    const auto stall_time = hub->options.stall_time;
    auto wire = tls ? make_tls_wire(std::move(socket), *tls, stall_time)
                    : make_wire(std::move(socket), stall_time);
    hub->connections.begin();
    thread.serve(std::make_unique<HttpConnection>(std::move(wire), hub, std::move(peer),
                                                  std::move(id), is_full),
                 hub);
  }

  void tell_all(void (HttpConnection::*what)()) {
    for (IoThread& thread : threads) thread.for_each(what);
  }

  // Has ended when it returns: what is told to all connections afterwards reaches every one.
  void stop_accepting() {
    if (hub->is_draining.exchange(true) || hub->service == nullptr) return;
    accepting.begin();
    asio::post(threads.front().context(), [this] {
      error_code ignored;
      acceptor.close(ignored);
      accepting.end();
    });
    accepting.wait_for_none(kForever);
  }

  bool wait_until_over(base::SteadyTime deadline) const {
    return hub->connections.wait_for_none(deadline) && hub->calls.wait_for_none(deadline);
  }

  const std::shared_ptr<HttpHub> hub;
  std::unique_ptr<asio::ssl::context> tls;  // null: plain HTTP
  std::vector<IoThread> threads;
  tcp::acceptor acceptor;  // on the first thread
  Tally accepting;         // what uses the acceptor
  std::size_t next = 0;
  std::uint16_t port = 0;
};

Result<std::unique_ptr<HttpListener>> HttpListener::open(const HttpListenerOptions& options,
                                                         base::WorkerPool& pool,
                                                         HttpObserver& observer) {
  auto impl = std::make_unique<Impl>(options, pool, observer);
  if (!options.tls_certificate_file.empty()) impl->tls = TRY(make_tls(options));
  if (auto error = impl->listen()) return *std::move(error);
  return std::unique_ptr<HttpListener>(new HttpListener(std::move(impl)));
}

void HttpListener::serve(const HttpService& service) {
  impl_->hub->service = &service;
  impl_->start();
}

HttpListener::HttpListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpListener::~HttpListener() {
  impl_->stop_accepting();
  impl_->hub->stopping.request_stop();
  impl_->tell_all(&HttpConnection::cut);
  impl_->tell_all(&HttpConnection::wake);
  impl_->wait_until_over(kForever);
}

std::uint16_t HttpListener::port() const {
  return impl_->port;
}

HttpListener::Figures HttpListener::figures() const {
  const HttpHub& hub = *impl_->hub;
  return {hub.connections.count(), hub.streams, hub.accepted, hub.turned_away};
}

bool HttpListener::drain(base::SteadyTime calls_end, base::SteadyTime deadline) {
  impl_->stop_accepting();
  impl_->tell_all(&HttpConnection::wake);
  if (impl_->wait_until_over(calls_end)) return true;
  impl_->hub->stopping.request_stop();
  impl_->tell_all(&HttpConnection::wake);
  return impl_->wait_until_over(deadline) || impl_->hub->calls.count() == 0;
}

}  // namespace motion_mcp::transport
