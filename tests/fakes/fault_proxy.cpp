#include "fakes/fault_proxy.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "fakes/http_message.h"
#include "fakes/sockets.h"

namespace motion_mcp::fakes {
namespace {

using std::chrono::steady_clock;
constexpr int kTickMilliseconds = 5;

std::string answer_text(int status, std::string_view body, const net::Headers& headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Fault\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

}  // namespace

Fault Fault::answer(int status, std::string_view body, const net::Headers& headers) {
  return {Kind::answer, 0, {}, fakes::answer_text(status, body, headers)};
}

Fault Fault::answer_instead(int status, std::string_view body, const net::Headers& headers) {
  return {Kind::answer_instead, 0, {}, fakes::answer_text(status, body, headers)};
}

Fault Fault::html(int status) {
  return answer(status, "<html><head><title>502</title></head><body>Bad gateway</body></html>",
                {{"Content-Type", "text/html; charset=utf-8"}});
}

Fault Fault::not_json() {
  return answer(200, R"({"job_id": )", {{"Content-Type", "application/json"}});
}

struct FaultProxy::Impl {
  struct Connection {
    Socket client;
    std::atomic<bool> idle = true;
    std::jthread thread;
  };
  struct Rule {
    std::string method;
    std::size_t n;
    Fault fault;
  };

  std::uint16_t upstream_port;
  mutable std::mutex mutex;
  std::condition_variable_any changed;
  std::stop_source stop;
  LoopbackPort port;
  bool port_closed = false;
  steady_clock::time_point closed_until{};
  std::vector<Rule> rules;
  std::map<std::string, std::size_t, std::less<>> received;
  std::map<std::string, std::size_t, std::less<>> forwarded;
  std::size_t connection_count = 0;
  std::list<Connection> connections;
  std::jthread acceptor;

  // The only thread that touches the port.
  void accept_connections(const std::stop_token& token) {
    while (!token.stop_requested()) {
      std::unique_lock lock(mutex);
      port_closed = steady_clock::now() < closed_until;
      if (port_closed) {
        port.close();
        changed.notify_all();
        changed.wait_until(lock, token, closed_until, [] { return false; });
        continue;
      }
      port.open();
      lock.unlock();
      Socket client = port.accept_within(kTickMilliseconds);
      if (!client.valid()) continue;
      lock.lock();
      ++connection_count;
      Connection& connection = connections.emplace_back();
      connection.client = std::move(client);
      connection.thread = std::jthread([this, &connection] { serve(connection); });
    }
  }

  void serve(Connection& connection) {
    HttpMessageReader reader(connection.client);
    bool open = true;
    while (open) {
      auto request = reader.read_head();
      if (!request) break;
      connection.idle = false;
      const auto fault = count(request->method());
      open =
          fault ? harm(connection, reader, *request, *fault) : pass(connection, reader, *request);
      connection.idle = true;
    }
    connection.client.shut_down();
  }

  std::optional<Fault> count(std::string_view method) {
    const std::scoped_lock lock(mutex);
    const std::size_t of_method = ++received[std::string(method)];
    const std::size_t of_all = ++received[""];
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) {
      return r.method.empty() ? r.n == of_all : r.method == method && r.n == of_method;
    });
    if (rule == rules.end()) return std::nullopt;
    Fault fault = std::move(rule->fault);
    rules.erase(rule);
    return fault;
  }

  // The upstream's connection, with the whole request on its way.
  std::optional<Socket> forward(HttpMessageReader& reader, HttpMessage& request) {
    if (!reader.read_request_body(request)) return std::nullopt;
    Socket upstream = connect_to("127.0.0.1", upstream_port);
    if (!upstream.valid() || !upstream.write(request.head + request.body)) return std::nullopt;
    const std::scoped_lock lock(mutex);
    ++forwarded[std::string(request.method())];
    ++forwarded[""];
    return upstream;
  }

  static std::optional<HttpMessage> answer_of(const Socket& upstream, const HttpMessage& request) {
    HttpMessageReader reader(upstream);
    auto answer = reader.read_head();
    if (!answer || !reader.read_answer_body(*answer, request.method() == "HEAD")) {
      return std::nullopt;
    }
    return answer;
  }

  // Each returns whether the client's connection stays open.
  bool pass(Connection& connection, HttpMessageReader& reader, HttpMessage& request) {
    const auto upstream = forward(reader, request);
    if (!upstream) return false;
    const auto answer = answer_of(*upstream, request);
    return answer && connection.client.write(answer->head + answer->body) &&
           answer->header("Connection") != "close";
  }

  bool harm(Connection& connection, HttpMessageReader& reader, HttpMessage& request,
            const Fault& fault) {
    const Socket& client = connection.client;
    if (fault.kind == Fault::Kind::reset_before_request) return reset(connection);
    if (fault.kind == Fault::Kind::answer) {
      return reader.read_request_body(request) && client.write(fault.answer_text);
    }
    const auto upstream = forward(reader, request);
    if (!upstream) return false;
    if (fault.kind == Fault::Kind::reset_after_request) {
      reset(connection);
      answer_of(*upstream, request);
      return false;
    }
    const auto answer = answer_of(*upstream, request);
    if (!answer) return false;
    switch (fault.kind) {
      case Fault::Kind::answer_instead:
        return client.write(fault.answer_text);
      case Fault::Kind::cut_body:
        client.write(answer->head + answer->body.substr(0, fault.body_bytes));
        return false;
      case Fault::Kind::drip_body:
        return client.write(answer->head) && drip(client, answer->body, fault.pause);
      case Fault::Kind::stall:
        while (!client.read().empty()) continue;
        return false;
      default:
        return reset(connection);
    }
  }

  bool reset(Connection& connection) {
    const std::scoped_lock lock(mutex);
    connection.client.reset_on_close();
    connection.client = Socket();
    return false;
  }

  bool drip(const Socket& client, std::string_view body, std::chrono::milliseconds pause) {
    for (const char byte : body) {
      std::unique_lock lock(mutex);
      changed.wait_for(lock, stop.get_token(), pause, [] { return false; });
      lock.unlock();
      if (stop.stop_requested() || !client.write({&byte, 1})) return false;
    }
    return true;
  }
};

FaultProxy::FaultProxy(std::uint16_t upstream_port) : impl_(std::make_unique<Impl>()) {
  impl_->upstream_port = upstream_port;
  impl_->acceptor =
      std::jthread([impl = impl_.get()] { impl->accept_connections(impl->stop.get_token()); });
}

FaultProxy::~FaultProxy() {
  impl_->stop.request_stop();
  impl_->acceptor.join();
  const std::scoped_lock lock(impl_->mutex);
  for (const auto& connection : impl_->connections) connection.client.shut_down();
}

std::uint16_t FaultProxy::port() const {
  return impl_->port.number();
}

std::string FaultProxy::base_url() const {
  return "http://127.0.0.1:" + std::to_string(port());
}

void FaultProxy::harm(std::string_view method, std::size_t n, Fault fault) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->rules.push_back({std::string(method), n, std::move(fault)});
}

void FaultProxy::refuse_for(std::chrono::milliseconds time) {
  std::unique_lock lock(impl_->mutex);
  impl_->closed_until = steady_clock::now() + time;
  impl_->changed.wait(lock, [&] { return impl_->port_closed; });
  for (const auto& connection : impl_->connections) connection.client.shut_down();
}

void FaultProxy::drop_idle_connections() {
  const std::scoped_lock lock(impl_->mutex);
  for (const auto& connection : impl_->connections) {
    if (connection.idle) connection.client.shut_down();
  }
}

std::size_t FaultProxy::received(std::string_view method) const {
  const std::scoped_lock lock(impl_->mutex);
  const auto found = impl_->received.find(method);
  return found == impl_->received.end() ? 0 : found->second;
}

std::size_t FaultProxy::forwarded(std::string_view method) const {
  const std::scoped_lock lock(impl_->mutex);
  const auto found = impl_->forwarded.find(method);
  return found == impl_->forwarded.end() ? 0 : found->second;
}

std::size_t FaultProxy::connections() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->connection_count;
}

}  // namespace motion_mcp::fakes
