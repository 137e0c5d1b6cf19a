#include "auth/deployment.h"

#include "auth/scope.h"
#include "base/json_value.h"

namespace motion_mcp::auth {

bool Deployment::is_resource(std::string_view uri) const {
  if (uri.ends_with('/')) uri.remove_suffix(1);
  return uri == resource();
}

Json resource_metadata(const Deployment& deployment) {
  return {{"resource", deployment.resource()},
          {"authorization_servers", {deployment.issuer}},
          {"scopes_supported", {kReadScope, kCreateScope}},
          {"bearer_methods_supported", {"header"}},
          {"resource_name", "Motion"}};
}

Json server_metadata(const Deployment& deployment) {
  const auto url = [&](std::string_view path) { return deployment.issuer + std::string(path); };
  return {{"issuer", deployment.issuer},
          {"authorization_endpoint", url(paths::kAuthorize)},
          {"token_endpoint", url(paths::kToken)},
          {"registration_endpoint", url(paths::kRegister)},
          {"revocation_endpoint", url(paths::kRevoke)},
          {"response_types_supported", {"code"}},
          {"response_modes_supported", {"query"}},
          {"grant_types_supported", {"authorization_code", "refresh_token"}},
          {"code_challenge_methods_supported", {"S256"}},
          {"token_endpoint_auth_methods_supported", {"none"}},
          {"revocation_endpoint_auth_methods_supported", {"none"}},
          {"scopes_supported", {kReadScope, kCreateScope, kOfflineScope}},
          {"client_id_metadata_document_supported", deployment.takes_metadata_documents},
          {"authorization_response_iss_parameter_supported", true}};
}

}  // namespace motion_mcp::auth
