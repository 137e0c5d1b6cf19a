#pragma once

// A client that describes itself in a document whose https URL is its client_id
// (draft-ietf-oauth-client-id-metadata-document, "CIMD"). Pure.

#include <cstddef>
#include <string_view>

#include "auth/client.h"
#include "base/result.h"

namespace motion_mcp::auth {

inline constexpr std::size_t kMaxClientUrlBytes = 1024;

// Whether a URL may be a client_id (section 3): https with a path, without a port, user
// information, a fragment or dot segments, in the one form that is written so (lower-case host).
// invalid_argument says why not.
Result<void> check_client_url(std::string_view url);

// The client that the document at `url` describes (section 4): its client_id is that URL, character
// by character, it has a client_name, holds no shared secret and passes read_client_metadata.
// invalid_argument says what is wrong with it.
Result<Client> read_client_document(std::string_view url, std::string_view document);

}  // namespace motion_mcp::auth
