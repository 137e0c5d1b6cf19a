#include "sandbox/webhooks.h"

#include <arpa/inet.h>
#include <httplib.h>

#include <chrono>
#include <mutex>
#include <utility>

#include "sandbox/url.h"

namespace motion_mcp::sandbox {
namespace {

constexpr std::chrono::seconds kNothingDue{60};
constexpr time_t kTimeoutSeconds = 5;
// In plain text, as the vendor's current pages say; a webhook secret of an account is any text.
constexpr const char* kSignatureHeader = "X-Mosaic-Signature";
constexpr const char* kSecret = "whsec_sandbox";

bool is_loopback(const std::string& host) {
  in_addr address{};
  const bool is_v4 = ::inet_pton(AF_INET, host.c_str(), &address) == 1;
  return host == "localhost" || host == "::1" || (is_v4 && host.starts_with("127."));
}

void post(const std::string& url, const std::string& body) {
  const std::size_t path = url.find('/', url.find("://") + 3);
  httplib::Client client(url.substr(0, path));
  client.set_connection_timeout(kTimeoutSeconds);
  client.set_read_timeout(kTimeoutSeconds);
  (void)client.Post(path == std::string::npos ? "/" : url.substr(path),
                    {{kSignatureHeader, kSecret}}, body, "application/json");
}

}  // namespace

Webhooks::~Webhooks() {
  {
    const std::scoped_lock lock(mutex_);
    end_.request_stop();
    news_.request_stop();
  }
  if (thread_.joinable()) thread_.join();
}

void Webhooks::deliver_at(base::SteadyTime time, Webhook webhook) {
  if (!webhook.url.starts_with("http://") || !is_loopback(http_host(webhook.url))) return;
  const std::scoped_lock lock(mutex_);
  due_.emplace(time, std::move(webhook));
  news_.request_stop();
  if (!thread_.joinable()) thread_ = std::thread([this] { run(end_.get_token()); });
}

void Webhooks::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const base::SteadyTime now = clock_.now();
    if (due_.empty() || due_.begin()->first > now) {
      const base::SteadyTime next = due_.empty() ? now + kNothingDue : due_.begin()->first;
      news_ = std::stop_source();
      const std::stop_token news = news_.get_token();
      lock.unlock();
      clock_.sleep_until(next, news);
      lock.lock();
      continue;
    }
    const Webhook webhook = due_.extract(due_.begin()).mapped();
    lock.unlock();
    if (const auto body = webhook.body()) post(webhook.url, body->dump());
    lock.lock();
  }
}

}  // namespace motion_mcp::sandbox
