#pragma once

#include <string>
#include <vector>

namespace motion_mcp::auth {

// An OAuth client as the authorization endpoint knows it. All are public clients: who they are is
// shown by their redirect URI and PKCE alone (RFC 6749 section 2.1, OAuth 2.1 section 2.4).
struct Client {
  // How we came to know it.
  enum class Source {
    registration,       // RFC 7591: it said so itself, nobody checked
    metadata_document,  // its client_id is the https URL that its metadata was fetched from
  };

  std::string id;
  // For the person who is asked, in valid UTF-8 without control characters; anybody may call
  // itself anything.
  std::string name;
  std::vector<std::string> redirect_uris;  // one at least; each passed check_redirect_uri
  bool may_refresh = false;                // its grant_types hold refresh_token
  Source source = Source::registration;
};

}  // namespace motion_mcp::auth
