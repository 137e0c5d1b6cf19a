#include "mcp/server.h"

#include "mcp/catalog.h"
#include "mcp/era_handshake.h"
#include "mcp/era_per_request.h"
#include "mcp/request_state.h"

namespace motion_mcp::mcp {
namespace {

// Answers are larger than what asks for them, and those of a batch go out together.
constexpr std::size_t kMaxBatchMessages = 100;

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;  // clang 14 does not deduce it

Step on_notification(const jsonrpc::Notification& notification) {
  if (notification.method != "notifications/cancelled") return Ignore{};
  const auto id = notification.params.find("requestId");
  if (id == notification.params.end() || !(id->is_string() || id->is_number_integer())) {
    return Ignore{};
  }
  return Cancel{jsonrpc::Id{jsonrpc::print(*id)}};
}

}  // namespace

Json implementation_json(const ServerInfo& info) {
  Json json = {{"name", info.name}};
  if (!info.title.empty()) json["title"] = info.title;
  json["version"] = info.version;
  if (!info.website_url.empty()) json["websiteUrl"] = info.website_url;
  return json;
}

std::string instructions_for(const ServerInfo& info, const Caller& caller) {
  std::string text = info.instructions;
  for (const FurtherInstructions& further : info.further_instructions) {
    if (caller.key(further.credential).empty()) continue;
    text += (text.empty() ? "" : "\n\n") + further.text;
  }
  return text;
}

struct Server::Impl {
  ServerInfo info;
  Catalog catalog;
  RequestState state;
  HandshakeEra handshake{info, catalog};
  PerRequestEra per_request;

  Impl(ServerInfo about, Features features,
       const std::shared_ptr<const base::SealKeySource>& seal_keys, const base::Clock& clock)
      : info(std::move(about)),
        catalog(std::move(features)),
        state(seal_keys, clock),
        per_request(info, catalog, state, seal_keys, clock) {}
};

Server::Server(ServerInfo info, Features features,
               std::shared_ptr<const base::SealKeySource> seal_keys, const base::Clock& clock)
    : impl_(std::make_unique<const Impl>(
          std::move(info), std::move(features),
          seal_keys ? std::move(seal_keys) : base::SealKeySource::of_this_process(), clock)) {}

Server::~Server() = default;

Step Server::accept(jsonrpc::Message message, Connection& connection, const Caller& caller) const {
  return std::visit(
      Overload{
          [&](jsonrpc::Request& request) {
            return claims_version(request.params)
                       ? impl_->per_request.serve(std::move(request), connection, caller)
                       : impl_->handshake.serve(std::move(request), connection, caller);
          },
          [](const jsonrpc::Notification& notification) { return on_notification(notification); },
          [](jsonrpc::Response& response) -> Step {
            const bool is_result = response.error.is_null();
            return Answer{std::move(response.id),
                          is_result ? std::optional(std::move(response.result)) : std::nullopt};
          },
          [&](const jsonrpc::Invalid& invalid) -> Step {
            return refuse(invalid.id, invalid.code, invalid.message, connection);
          },
      },
      message);
}

Reply Server::refuse(const std::optional<jsonrpc::Id>& id, jsonrpc::Code code,
                     std::string_view message, const Connection& connection) {
  const bool leaves_out = !id && has_errors_without_id(connection.negotiated.value_or(kNewest));
  return {leaves_out ? jsonrpc::print_error_without_id(code, message)
                     : jsonrpc::print_error(id, code, message, nullptr),
          Fault::bad_request, Outcome::error};
}

bool Server::has_tool(std::string_view name) const {
  return impl_->catalog.tools.find(name) != nullptr;
}

std::optional<Reply> Server::refuse_batch(const jsonrpc::Batch& batch,
                                          const Connection& connection) const {
  const auto no = [&](std::string_view why) {
    return refuse(std::nullopt, jsonrpc::Code::invalid_request, why, connection);
  };
  if (connection.negotiated && !has_batches(*connection.negotiated)) {
    return no("This protocol version has no batches");
  }
  if (batch.size() > kMaxBatchMessages) {
    return no("A batch has at most " + std::to_string(kMaxBatchMessages) + " messages");
  }
  for (const jsonrpc::Message& message : batch) {
    const auto* request = std::get_if<jsonrpc::Request>(&message);
    if (request == nullptr) continue;
    if (claims_version(request->params)) {
      return no("Requests that state their protocol version cannot be batched");
    }
    if (request->method == "initialize") return no("initialize cannot be part of a batch");
  }
  return std::nullopt;
}

}  // namespace motion_mcp::mcp
