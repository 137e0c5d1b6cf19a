#pragma once

// Who may reach the endpoint: from which pages (Origin), under which names (Host), with which
// credential.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jsonrpc/id.h"
#include "mcp/caller.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

// Who a request comes from.
struct HttpCaller {
  mcp::Caller caller;
  // Calls that spend or write are not this caller's: its token lacks the scope for them.
  bool may_only_read = false;
};

// The access tokens of an authorization server (MCP "Authorization").
struct HttpTokens {
  // Whom a token stands for; nullopt when it is not good. Thread-safe; never blocks.
  std::function<std::optional<HttpCaller>(std::string_view token)> open;
  std::string metadata_url;  // RFC 9728: what a client without a token is told to read
  std::string all_scopes;    // what it is told to ask for
};

// A header in which a caller brings a key for a further service.
struct CredentialHeader {
  std::string header;      // "X-Mosaic-Api-Key"
  std::string credential;  // its name in mcp::Caller::further
};

struct HttpAccess {
  // What a Host header may say: with a port ("127.0.0.1:8391") just that, without one
  // ("mcp.example.org", "[::1]") that name with any port. A guard against DNS rebinding.
  std::vector<std::string> hosts;
  // Origins that a browser's page may have, exactly ("https://claude.ai").
  std::vector<std::string> origins;
  // The server's own Motion key, for callers without one; empty when there is none to share.
  std::string shared_key;
  // What such callers must show as their bearer; empty when the listener is bound to loopback and
  // nothing is asked of them.
  std::string endpoint_token;
  // For bearers that are no Motion keys; none when there is no authorization server.
  std::optional<HttpTokens> tokens = std::nullopt;
  std::vector<CredentialHeader> further = {};
};

// Whether a caller can show it as a bearer (RFC 6750 section 2.1, b64token).
bool is_bearer(std::string_view token);

// The part of refuse_place that concerns the Host.
std::optional<HttpReply> refuse_host(const HttpAccess& access, const HttpRequest& request);

// A request whose Host or Origin is not allowed: 403 (MCP "Security Warning", 2025-03-26 and
// later). A request without an Origin does not come from a page and passes. Exactly one Host is
// required. Nullopt when the request may go on.
std::optional<HttpReply> refuse_place(const HttpAccess& access, const HttpRequest& request);

// The caller by the Authorization header: a `motion_` bearer is the caller's own key, the endpoint
// token stands for the shared one, an access token for the key within. Otherwise the refusal: 401
// with WWW-Authenticate, 400 when a bearer is malformed (RFC 6750 section 3.1) or the header is
// there twice. The caller's further
// keys come from this request's own headers and from nowhere else; 400 for one that is malformed or
// there twice. Compares in constant time.
std::variant<HttpCaller, HttpReply> identify(const HttpAccess& access, const HttpRequest& request);

// The refusal of a call that needs more than the caller's token allows: 403 with the scopes of the
// call, all of them, so that the client can ask for them (MCP 2025-11-25 "Scope Challenge
// Handling"). Of an HttpAccess with tokens.
HttpReply refuse_scope(const HttpAccess& access, const std::optional<jsonrpc::Id>& id);

// The headers of a request that a page may send (Access-Control-Allow-Headers).
std::string allowed_headers(const HttpAccess& access);

// The headers that let a page of an allowed origin read the reply (Fetch standard, "CORS
// protocol"); empty for a request without an Origin.
HttpHeaders cors_headers(const HttpAccess& access, const HttpRequest& request);

}  // namespace motion_mcp::transport
