#pragma once

// Where the authorization server and what it protects are, as clients see them.

#include <string>
#include <string_view>

#include "base/json.h"

namespace motion_mcp::auth {

namespace paths {
inline constexpr std::string_view kResource = "/mcp";
// RFC 9728 section 3.1: with the path of the resource, and the root for clients that leave it out.
inline constexpr std::string_view kResourceMetadata = "/.well-known/oauth-protected-resource/mcp";
inline constexpr std::string_view kRootResourceMetadata = "/.well-known/oauth-protected-resource";
inline constexpr std::string_view kServerMetadata = "/.well-known/oauth-authorization-server";
inline constexpr std::string_view kAuthorize = "/oauth/authorize";
inline constexpr std::string_view kToken = "/oauth/token";
inline constexpr std::string_view kRegister = "/oauth/register";
inline constexpr std::string_view kRevoke = "/oauth/revoke";
}  // namespace paths

struct Deployment {
  std::string issuer;  // scheme and authority, no path: "https://mcp.example.org"
  // Whether a client_id may be the URL of a document about the client (CIMD).
  bool takes_metadata_documents = false;

  [[nodiscard]] std::string resource() const { return issuer + std::string(paths::kResource); }
  [[nodiscard]] std::string resource_metadata_url() const {
    return issuer + std::string(paths::kResourceMetadata);
  }
  [[nodiscard]] bool is_https() const { return issuer.starts_with("https://"); }
  // Whether a `resource` parameter (RFC 8707) means us: the URI with or without a slash at its end.
  [[nodiscard]] bool is_resource(std::string_view uri) const;
};

// RFC 9728 section 2.
Json resource_metadata(const Deployment& deployment);
// RFC 8414 section 2.
Json server_metadata(const Deployment& deployment);

}  // namespace motion_mcp::auth
