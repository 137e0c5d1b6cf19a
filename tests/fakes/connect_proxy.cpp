#include "fakes/connect_proxy.h"

#include <list>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "fakes/http_message.h"
#include "fakes/sockets.h"

namespace motion_mcp::fakes {
namespace {

constexpr int kTickMilliseconds = 5;

void pump(const Socket& from, const Socket& to) {
  for (std::string bytes = from.read(); !bytes.empty() && to.write(bytes); bytes = from.read()) {
  }
  to.shut_down();
  from.shut_down();
}

}  // namespace

struct ConnectProxy::Impl {
  struct Tunnel {
    Socket client;
    Socket target;
    std::jthread thread;
  };

  std::uint16_t target_port;
  int status;
  LoopbackPort port;
  mutable std::mutex mutex;
  std::vector<Seen> seen;
  std::list<Tunnel> tunnels;
  std::jthread acceptor;

  void accept_connections(const std::stop_token& token) {
    while (!token.stop_requested()) {
      Socket client = port.accept_within(kTickMilliseconds);
      if (!client.valid()) continue;
      const std::scoped_lock lock(mutex);
      Tunnel& tunnel = tunnels.emplace_back();
      tunnel.client = std::move(client);
      tunnel.target = connect_to("127.0.0.1", target_port);
      tunnel.thread = std::jthread([this, &tunnel] { serve(tunnel); });
    }
  }

  void serve(const Tunnel& tunnel) {
    HttpMessageReader reader(tunnel.client);
    const auto request = reader.read_head();
    if (request) {
      const std::scoped_lock lock(mutex);
      seen.push_back(
          {std::string(request->target()), request->header("Proxy-Authorization").value_or("")});
    }
    if (!request || request->method() != "CONNECT" || status == 0) {
      tunnel.client.shut_down();
      return;
    }
    if (status != 200) {
      tunnel.client.write("HTTP/1.1 " + std::to_string(status) +
                          " No\r\nContent-Length: 13\r\n\r\n<html></html>");
      tunnel.client.shut_down_writing();
      return;
    }
    tunnel.client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    const std::jthread back([&] { pump(tunnel.target, tunnel.client); });
    pump(tunnel.client, tunnel.target);
  }
};

ConnectProxy::ConnectProxy(std::uint16_t target_port, int status)
    : impl_(std::make_unique<Impl>()) {
  impl_->target_port = target_port;
  impl_->status = status;
  impl_->acceptor = std::jthread(
      [impl = impl_.get()](const std::stop_token& token) { impl->accept_connections(token); });
}

ConnectProxy::~ConnectProxy() {
  impl_->acceptor.request_stop();
  impl_->acceptor.join();
  const std::scoped_lock lock(impl_->mutex);
  for (const auto& tunnel : impl_->tunnels) {
    tunnel.client.shut_down();
    tunnel.target.shut_down();
  }
}

std::uint16_t ConnectProxy::port() const {
  return impl_->port.number();
}

std::vector<ConnectProxy::Seen> ConnectProxy::seen() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->seen;
}

}  // namespace motion_mcp::fakes
