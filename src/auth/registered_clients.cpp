#include "auth/registered_clients.h"

#include <chrono>
#include <numeric>
#include <utility>

#include "auth/client_metadata.h"
#include "auth/sealed_json.h"

namespace motion_mcp::auth {
namespace {

constexpr std::string_view kBadMetadata = "invalid_client_metadata";
constexpr std::string_view kBadRedirect = "invalid_redirect_uri";

// What is needed of a client later on.
std::string registration_of(const Client& client) {
  const Json members = {{"name", client.name},
                        {"redirect_uris", client.redirect_uris},
                        {"refresh", client.may_refresh}};
  return members.dump();
}

// Throws Json::exception.
Client client_from(const Json& members) {
  Client client;
  client.name = members.at("name").get<std::string>();
  client.redirect_uris = members.at("redirect_uris").get<std::vector<std::string>>();
  client.may_refresh = members.at("refresh").get<bool>();
  client.source = Client::Source::registration;
  return client;
}

Json grant_types_of(const Client& client) {
  Json types = {"authorization_code"};
  if (client.may_refresh) types.push_back("refresh_token");
  return types;
}

}  // namespace

std::variant<Json, OAuthError> RegisteredClients::add(std::string_view request) const {
  if (request.size() > kMaxRegistrationBytes) {
    return OAuthError{kBadMetadata, "the registration is larger than 16 KiB", 413};
  }
  const Json metadata = Json::parse(request, nullptr, false);
  if (!metadata.is_object()) {
    return OAuthError{kBadMetadata, "the registration is not a JSON object"};
  }
  const auto uris = read_redirect_uris(metadata);
  if (!uris) return OAuthError{kBadRedirect, uris.error().message};
  const auto bytes =
      std::accumulate(uris->begin(), uris->end(), std::size_t{0},
                      [](std::size_t sum, const std::string& uri) { return sum + uri.size(); });
  if (bytes > kMaxRedirectBytes) {
    return OAuthError{kBadRedirect, "the redirect URIs are longer than 2048 bytes together"};
  }
  const auto client = read_client_metadata(metadata);
  if (!client) return OAuthError{kBadMetadata, client.error().message};

  const auto issued_at =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
  Json answer = {{"client_id",
                  base::seal(*keys_, base::SealPurpose::client, issuer_, registration_of(*client))},
                 {"client_id_issued_at", issued_at},
                 {"redirect_uris", client->redirect_uris},
                 {"grant_types", grant_types_of(*client)},
                 {"response_types", {"code"}},
                 {"token_endpoint_auth_method", "none"}};
  if (!client->name.empty()) answer["client_name"] = client->name;
  return answer;
}

bool RegisteredClients::knows_kind(std::string_view client_id) const {
  return client_id.find(':') == std::string_view::npos;
}

Result<Client> RegisteredClients::find(std::string_view client_id,
                                       const std::stop_token& /*stop*/) const {
  const auto text = base::open_sealed(*keys_, base::SealPurpose::client, issuer_, client_id);
  if (!text) {
    return Error{ErrorKind::invalid_argument,
                 "this server has not registered such a client, or no longer knows it",
                 "Remove this connection in the program and add it again."};
  }
  Client client = TRY(read_members(Json::parse(*text, nullptr, false), client_from));
  client.id = client_id;
  return client;
}

}  // namespace motion_mcp::auth
