// Webhooks of the sandbox: tries to have one sent off this machine, or one that is no longer true.
#include "sandbox/webhooks.h"

#include <doctest/doctest.h>
#include <httplib.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sandbox/server.h"

using namespace motion_mcp;
using namespace std::chrono_literals;

namespace {

// Somebody's own server, which takes webhooks.
class Listener {
 public:
  Listener() {
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response&) {
      const std::scoped_lock lock(mutex_);
      taken_.push_back(Json::parse(request.body));
      signatures_.push_back(request.get_header_value("X-Mosaic-Signature"));
      came_.notify_all();
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Listener() {
    while (!server_.is_running()) std::this_thread::sleep_for(1ms);
    server_.stop();
    thread_.join();
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/hook";
  }
  // The webhooks so far, once there are so many.
  std::vector<Json> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(came_.wait_for(lock, 20s, [&] { return taken_.size() >= count; }));
    return taken_;
  }
  std::vector<std::string> signatures() {
    const std::scoped_lock lock(mutex_);
    return signatures_;
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Json> taken_;
  std::vector<std::string> signatures_;
};

}  // namespace

TEST_CASE("a run with a callback_url tells of its start and its end, signed in plain text") {
  Listener listener;
  auto sandbox = sandbox::Server::start({.speed = 5000});
  REQUIRE(sandbox);
  httplib::Client client("127.0.0.1", (*sandbox)->port());
  client.set_bearer_token_auth("mk_hooks");
  const auto post = [&](const std::string& path, const Json& body) {
    const auto reply = client.Post("/mosaic/" + path, body.dump(), "application/json");
    REQUIRE(reply);
    return Json::parse(reply->body);
  };
  const std::string agent = post("agent/create", {{"name", "n"}})["agent_id"];
  post("agent/" + agent + "/update",
       {{"operations", Json::array({{{"op", "create_node"},
                                     {"node_type_id", "a2eb3ec2-da7a-4f97-94d2-a9a537548522"},
                                     {"params_used", {{"prompt", "A fox."}}}}})}});
  const Json run = post("agent/" + agent + "/run", {{"callback_url", listener.url()}});
  const auto taken = listener.wait_for(2);
  CHECK(taken[0]["flag"] == "RUN_STARTED");
  CHECK(taken[1]["flag"] == "RUN_FINISHED");
  CHECK(taken[1]["status"] == "completed");
  for (const Json& hook : taken) CHECK(hook["run_id"] == run["run_id"]);
  for (const std::string& signature : listener.signatures()) CHECK(signature == "whsec_sandbox");
}

TEST_CASE("nothing is sent off this machine, nor what is no longer true when its time comes") {
  Listener listener;
  sandbox::Webhooks webhooks(base::system_clock());
  const auto now = base::system_clock().now();
  bool was_asked = false;
  for (const char* url : {"http://192.0.2.1/hook", "https://your-webhook.com/mosaic", "nonsense",
                          "http://127.example.com/hook", "http://user@192.0.2.1/"}) {
    webhooks.deliver_at(now, {url, [&]() -> std::optional<Json> {
                                was_asked = true;
                                return Json::object();
                              }});
  }
  webhooks.deliver_at(now, {listener.url(), []() { return std::optional<Json>(); }});
  webhooks.deliver_at(now + 20ms, {listener.url(), []() { return std::optional(Json("last")); }});
  const auto taken = listener.wait_for(1);
  CHECK(taken.size() == 1);
  CHECK(taken[0] == "last");
  CHECK_FALSE(was_asked);
}
