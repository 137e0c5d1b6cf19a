#pragma once

// What a client says about itself, in a registration (RFC 7591 section 2) or in a document of its
// own (OAuth Client ID Metadata Document, section 4.1): the same members in both.

#include <cstddef>
#include <string>
#include <vector>

#include "auth/client.h"
#include "base/json.h"
#include "base/result.h"

namespace motion_mcp::auth {

inline constexpr std::size_t kMaxRedirectUris = 16;
inline constexpr std::size_t kMaxClientNameBytes = 100;  // the rest is cut

// The client described by `metadata`, without id and source. Members that we have no use for are
// not looked at. invalid_argument for redirect_uris that are missing, too many or not allowed, and
// for a client that cannot use the authorization code grant. `token_endpoint_auth_method` is not
// refused: whatever it says, clients are public here (client.h), which the metadata of this server
// says and the answer to a registration repeats.
Result<Client> read_client_metadata(const Json& metadata);

// Its redirect_uris alone.
Result<std::vector<std::string>> read_redirect_uris(const Json& metadata);

}  // namespace motion_mcp::auth
