#pragma once

// What a client of OAuth reads and writes on its way to a token: metadata documents, challenges,
// and the URL that a browser is sent to. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "net/http_client.h"
#include "net/url.h"

namespace motion_mcp::app {

std::string origin_of(const net::Url& url);

// Where metadata of `url` lies: `name` between its host and its path (RFC 9728 section 3.1, RFC
// 8414 section 3.1).
std::string well_known(const net::Url& url, std::string_view name);

// Clients take a URL with a slash at its end for the same as without.
std::string_view without_slash(std::string_view url);

// Members of a metadata document; one that is not there or of another type is as good as none.
std::string text_at(const Json& object, const char* name);
bool list_holds(const Json& object, const char* name, std::string_view value);
bool is_true(const Json& object, const char* name);

bool has_json_type(const net::HttpResponse& answer);

// The value of an authentication parameter in a WWW-Authenticate header, quoted or not (RFC 9110
// section 11.2); nullopt when it is not there.
std::optional<std::string> auth_parameter(std::string_view header, std::string_view name);

// A request to an authorization endpoint (RFC 6749 section 4.1.1) for a code, with PKCE. Empty
// members are left out.
struct AuthorizationRequest {
  std::string_view endpoint;
  std::string_view client_id;
  std::string_view redirect_uri;
  std::string_view verifier;  // RFC 7636 section 4.1; its S256 challenge is sent
  std::string_view state;
  std::string_view scope;
  std::string_view resource;  // RFC 8707
};
std::string authorization_url(const AuthorizationRequest& request);

}  // namespace motion_mcp::app
