#pragma once

// A small service on loopback for the client's tests, and what they have in common.

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/http_client.h"
#include "net/httplib_client.h"

namespace motion_mcp {

inline base::SteadyTime in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// Far more than any step takes, far less than a hang.
inline base::SteadyTime in_a_while() {
  return in(std::chrono::seconds(20));
}

// Plain or TLS. Destroy clients first: the server waits for connections that are kept alive.
class Service {
 public:
  Service() : server_(std::make_unique<httplib::Server>()) { start("http://"); }
  Service(const std::string& certificate_file, const std::string& key_file)
      : server_(std::make_unique<httplib::SSLServer>(certificate_file.c_str(), key_file.c_str())) {
    start("https://");
  }
  ~Service() {
    release();
    server_->stop();
    thread_.join();
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const {
    return base_url_ + std::to_string(port_) + path;
  }
  // Lets /wait answer.
  void release() { released_ = true; }
  [[nodiscard]] bool somebody_waits() const { return waiting_ > 0; }

  [[nodiscard]] std::size_t connections() const {
    const std::scoped_lock lock(mutex_);
    return ports_.size();
  }
  [[nodiscard]] std::vector<httplib::Request> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  void start(const std::string& scheme) {
    base_url_ = scheme + "127.0.0.1:";
    server_->set_tcp_nodelay(true);
    server_->set_keep_alive_max_count(10'000);
    server_->set_keep_alive_timeout(1);
    server_->set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
      const std::scoped_lock lock(mutex_);
      ports_.insert(request.remote_port);
      requests_.push_back(request);
      return httplib::Server::HandlerResponse::Unhandled;
    });
    server_->Get("/json", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"ok":true})", "application/json");
    });
    server_->Get("/bytes", [](const httplib::Request& request, httplib::Response& response) {
      const auto count = std::stoul(request.get_param_value("count"));
      response.set_content(std::string(count, 'x'), "application/octet-stream");
    });
    server_->Get("/wait", [this](const httplib::Request&, httplib::Response& response) {
      ++waiting_;
      while (!released_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      response.set_content("late", "text/plain");
    });
    server_->Get("/meet", [this](const httplib::Request& request, httplib::Response& response) {
      const auto guests = std::stoi(request.get_param_value("guests"));
      for (++met_; met_ < guests && !released_;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      response.set_content("met", "text/plain");
    });
    server_->Post("/echo", [](const httplib::Request& request, httplib::Response& response) {
      response.set_content(request.body, "application/octet-stream");
    });
    server_->Post("/wait", [this](const httplib::Request&, httplib::Response& response) {
      ++waiting_;
      while (!released_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      response.set_content("late", "text/plain");
    });
    server_->Get("/fail", [](const httplib::Request&, httplib::Response& response) {
      response.status = 410;
      response.set_content("gone", "text/plain");
    });
    server_->Get("/redirect", [](const httplib::Request& request, httplib::Response& response) {
      response.status = 302;
      response.set_header("Location", request.get_param_value("to"));
    });
    port_ = static_cast<std::uint16_t>(server_->bind_to_any_port("127.0.0.1"));
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    while (!server_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::unique_ptr<httplib::Server> server_;
  std::string base_url_;
  std::uint16_t port_ = 0;
  std::atomic<bool> released_ = false;
  std::atomic<int> waiting_ = 0;
  std::atomic<int> met_ = 0;
  mutable std::mutex mutex_;
  std::set<int> ports_;
  std::vector<httplib::Request> requests_;
  std::thread thread_;
};

inline net::HttpRequest get(std::string url) {
  return {"GET", std::move(url), {}, {}};
}
inline net::HttpRequest post(std::string url, std::string body) {
  return {"POST", std::move(url), {{"Content-Type", "application/json"}}, std::move(body)};
}

}  // namespace motion_mcp
