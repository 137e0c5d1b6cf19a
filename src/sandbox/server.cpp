#include "sandbox/server.h"

#include <httplib.h>
#include <sys/socket.h>

#include <chrono>
#include <cmath>
#include <exception>
#include <future>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/json_value.h"
#include "sandbox/connection_threads.h"
#include "sandbox/hang_up.h"
#include "sandbox/sandbox.h"

namespace motion_mcp::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxBodyBytes = std::size_t{1} << 20U;
constexpr std::size_t kMaxPathBytes = 1024;
constexpr std::size_t kMaxProxyBytes = 8192;  // of path and query; httplib takes no more
constexpr seconds kKeepAlive{60};
constexpr std::size_t kRequestsPerConnection = 1'000'000;
constexpr int kBacklog = 256;

std::optional<std::string> header(const httplib::Request& request, const char* name) {
  if (!request.has_header(name)) return std::nullopt;
  return request.get_header_value(name);
}

Request read(const httplib::Request& request, std::string body) {
  return {request.method,
          request.target,
          header(request, "Authorization"),
          header(request, "Content-Type"),
          header(request, "Host"),
          header(request, "Range"),
          std::move(body),
          header(request, "If-Range"),
          header(request, "Last-Event-ID"),
          header(request, "Idempotency-Key"),
          header(request, "X-Request-Id")};
}

void write(const Reply& reply, httplib::Response& response, const std::stop_token& stop = {}) {
  response.status = reply.status;
  for (const auto& [name, value] : reply.headers) response.set_header(name, value);
  if (!reply.stream) {
    response.set_content(reply.body, reply.content_type);
    return;
  }
  response.set_chunked_content_provider(
      reply.content_type, [stop, stream = reply.stream](std::size_t, httplib::DataSink& sink) {
        const auto piece = stream(stop);
        if (piece) return sink.write(piece->data(), piece->size());
        sink.done();
        return true;
      });
}

// httplib applies the Range header to whatever is answered, error messages included. The sandbox
// applies it where it belongs, so httplib must not know of it. Its request is not a const object;
// handlers merely see it as one.
void forget_ranges(const httplib::Request& request) {
  const_cast<httplib::Request&>(request).ranges.clear();  // NOLINT(*-const-cast)
}

struct Body {
  std::string text;
  int refusal = 0;  // 400 or 413; 0 when the body is whole
};

// What is too much is read and dropped, so that what follows it can be told apart.
Body read_body(const httplib::Request& request, const httplib::Response& response,
               const httplib::ContentReader& reader) {
  const bool has_body =
      request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
  if (!has_body) return {};
  if (request.is_multipart_form_data()) {
    reader([](const auto&) { return true; }, [](const char*, std::size_t) { return true; });
    return {};
  }
  Body body;
  bool is_too_large = false;
  const bool is_whole = reader([&](const char* data, std::size_t length) {
    is_too_large = is_too_large || body.text.size() + length > kMaxBodyBytes;
    if (!is_too_large) body.text.append(data, length);
    return true;
  });
  if (is_too_large || response.status == 413) {
    body.refusal = 413;
  } else if (!is_whole) {
    body.refusal = 400;
  }
  return body;
}

Reply refuse_body(int status) {
  return json_reply(status, {{"error", status == 413 ? "Payload too large" : "Bad request"}});
}

std::string with_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

class Server::Impl {
 public:
  Impl(const Options& options, const base::Clock& clock) : options_(options), clock_(clock) {
    configure();
    add_routes();
  }

  ~Impl() {
    if (!listener_.joinable()) return;
    stop_.request_stop();
    // stop() does nothing before the listener has begun.
    while (!http_.is_running() && ended_.wait_for(milliseconds(1)) != std::future_status::ready) {
    }
    http_.stop();
    while (ended_.wait_for(milliseconds(1)) != std::future_status::ready) hang_up(port_);
    listener_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  bool listen() {
    port_ = options_.port;
    if (port_ == 0) {
      port_ = http_.bind_to_any_port(options_.host);
    } else if (!http_.bind_to_port(options_.host, port_)) {
      return false;
    }
    if (port_ <= 0) return false;
    // httplib's backlog of 5 makes clients that come at once wait a second.
    ::listen(socket_, kBacklog);
    sandbox_.emplace(clock_, options_.speed, origin());
    std::promise<void> end;
    ended_ = end.get_future();
    listener_ = std::thread([this, end = std::move(end)]() mutable {
      http_.listen_after_bind();
      end.set_value();
    });
    return true;
  }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string origin() const {
    return "http://" + with_brackets(options_.host) + ":" + std::to_string(port_);
  }

 private:
  void configure() {
    http_.new_task_queue = [] { return new ConnectionThreads; };  // httplib deletes it
    http_.set_tcp_nodelay(true);
    http_.set_keep_alive_timeout(kKeepAlive.count());
    http_.set_keep_alive_max_count(kRequestsPerConnection);
    http_.set_payload_max_length(kMaxBodyBytes);
    // httplib's default is SO_REUSEPORT: a second server on the port would take half the requests.
    http_.set_socket_options([this](auto socket) {
      const int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
      socket_ = socket;
    });
  }

  void add_routes() {
    constexpr const char* kAnyPath = ".*";
    http_.set_pre_routing_handler([this](const httplib::Request& request,
                                         httplib::Response& response) {
      forget_ranges(request);
      // kAnyPath is a std::regex too, which recurses; the proxy's paths may be longer than that.
      const bool is_proxied = request.method == "GET" && request.target.size() <= kMaxProxyBytes &&
                              request.target.starts_with(MotionessApi::kPath);
      if (is_proxied) {
        write(sandbox_->handle(read(request, ""), stop_.get_token()), response, stop_.get_token());
        return httplib::Server::HandlerResponse::Handled;
      }
      if (request.path.size() <= kMaxPathBytes) return httplib::Server::HandlerResponse::Unhandled;
      write(json_reply(414, {{"error", "URI too long"}}), response);
      return httplib::Server::HandlerResponse::Handled;
    });
    const auto without_body = [this](const httplib::Request& request, httplib::Response& response) {
      write(sandbox_->handle(read(request, ""), stop_.get_token()), response, stop_.get_token());
    };
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& reader) {
      Body body = read_body(request, response, reader);
      write(body.refusal == 0
                ? sandbox_->handle(read(request, std::move(body.text)), stop_.get_token())
                : refuse_body(body.refusal),
            response);
    };
    http_.Get(kAnyPath, without_body);
    http_.Options(kAnyPath, without_body);
    http_.Post(kAnyPath, with_body);
    http_.Put(kAnyPath, with_body);
    http_.Patch(kAnyPath, with_body);
    http_.Delete(kAnyPath, with_body);

    // What httplib refuses by itself gets a body like the rest.
    http_.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
      forget_ranges(request);
      if (!response.body.empty()) return;
      write(json_reply(response.status, {{"error", "Bad request"}}), response);
    });
    http_.set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
          write(json_reply(500, {{"error", "Internal server error"}}), response);
        });
  }

  const Options options_;
  const base::Clock& clock_;
  httplib::Server http_;
  std::optional<Sandbox> sandbox_;
  std::stop_source stop_;  // of what is held or streamed
  int socket_ = -1;
  int port_ = 0;
  std::future<void> ended_;
  std::thread listener_;
};

Result<std::unique_ptr<Server>> Server::start(const Options& options, const base::Clock& clock) {
  if (!std::isfinite(options.speed) || options.speed <= 0) {
    return Error{ErrorKind::invalid_argument, "the sandbox's speed must be a number above 0",
                 "Leave it out, or give one such as 1 (a job takes ten minutes) or 100."};
  }
  auto impl = std::make_unique<Impl>(options, clock);
  if (!impl->listen()) {
    return Error{ErrorKind::invalid_argument,
                 "the sandbox cannot listen on " + with_brackets(options.host) + ":" +
                     std::to_string(options.port),
                 "Choose another port, or 0 for any that is free."};
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

int Server::port() const {
  return impl_->port();
}

std::string Server::origin() const {
  return impl_->origin();
}

std::string Server::api_base_url() const {
  return origin() + "/api/motion";
}

std::string Server::mosaic_base_url() const {
  return origin() + "/mosaic";
}

std::string Server::motioness_base_url() const {
  return origin() + "/motioness";
}

}  // namespace motion_mcp::sandbox
