#pragma once

// The Mcp-Session-Id of the handshake era, without a session being kept: the id is a sealed blob
// that brings back what `initialize` agreed on, to whichever process the next request reaches
// (design decision 3).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/seal.h"

namespace motion_mcp::transport {

struct HttpSession {
  Json client_capabilities = Json::object();
  std::string nonce;  // names the session among its owner's
};

// The id for a client that declared these capabilities; nullopt when there is nothing to remember:
// it declared nothing that we could ask it for, or more than fits in a header.
std::optional<std::string> make_session_id(const base::SealKeys& keys, std::string_view owner,
                                           const Json& client_capabilities);

// Nullopt for an id that is not one of ours for this owner, which is as good as none.
std::optional<HttpSession> open_session_id(const base::SealKeys& keys, std::string_view owner,
                                           std::string_view id);

}  // namespace motion_mcp::transport
