#include "app/mcp_client.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "base/worker_pool.h"
#include "jsonrpc/message.h"
#include "transport/line_session.h"

namespace motion_mcp::app {
namespace {

constexpr std::chrono::seconds kGraceForCalls{2};

Json request_meta() {
  return {{"io.modelcontextprotocol/protocolVersion", mcp::to_string(mcp::kNewest)},
          {"io.modelcontextprotocol/clientCapabilities", Json::object()},
          {"io.modelcontextprotocol/clientInfo", {{"name", "motion-mcp"}, {"version", "1"}}}};
}

Result<Json> outcome_of(jsonrpc::Response response) {
  if (response.error.is_null()) return std::move(response.result);
  const Json& error = response.error;
  const bool is_ours = error.value("code", 0) == static_cast<int>(jsonrpc::Code::invalid_params);
  return Error{is_ours ? ErrorKind::invalid_argument : ErrorKind::internal,
               error.value("message", "the server refused the request")};
}

}  // namespace

struct McpClient::Impl {
  base::WorkerPool pool{{.threads = 4, .queued = 4}};

  std::mutex mutex;
  std::condition_variable_any arrived;
  std::map<std::string, jsonrpc::Response> responses;  // by id, until they are taken

  transport::LineSession session;
  std::int64_t last_id = 0;

  Impl(const mcp::Server& server, mcp::Caller caller)
      : session(server, std::move(caller), pool,
                [this](std::string_view lines) { receive(lines); }) {}

  void receive(std::string_view lines) {
    const std::lock_guard lock(mutex);
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size() - 1);
      auto parsed = jsonrpc::parse(lines.substr(0, end));
      lines.remove_prefix(end + 1);
      auto* message = std::get_if<jsonrpc::Message>(&parsed);
      if (message == nullptr) continue;
      if (auto* response = std::get_if<jsonrpc::Response>(message)) {
        responses.insert_or_assign(response->id.text, std::move(*response));
      }
    }
    arrived.notify_all();
  }

  void send(const Json& message) {
    session.feed(jsonrpc::print(message));
    session.flush();
  }
};

McpClient::McpClient(const mcp::Server& server, mcp::Caller caller)
    : impl_(std::make_unique<Impl>(server, std::move(caller))) {}

McpClient::~McpClient() {
  impl_->session.stop();
  impl_->session.wait_idle(base::system_clock().now() + kGraceForCalls);
}

Result<Json> McpClient::request(std::string_view method, Json params, const std::stop_token& stop) {
  if (stop.stop_requested()) return Error{ErrorKind::cancelled, "interrupted"};
  Impl& impl = *impl_;
  const std::int64_t id = ++impl.last_id;
  params["_meta"] = request_meta();
  impl.send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});

  const std::string key = std::to_string(id);
  std::unique_lock lock(impl.mutex);
  const bool answered =
      impl.arrived.wait(lock, stop, [&] { return impl.responses.count(key) != 0; });
  if (answered) return outcome_of(std::move(impl.responses.extract(key).mapped()));
  lock.unlock();
  impl.send({{"jsonrpc", "2.0"},
             {"method", "notifications/cancelled"},
             {"params", {{"requestId", id}, {"reason", "interrupted"}}}});
  return Error{ErrorKind::cancelled, "interrupted"};
}

}  // namespace motion_mcp::app
