#pragma once

// Who may reach the endpoint: from which pages (Origin), under which names (Host), with which
// credential.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mcp/tool.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

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
};

// A request whose Host or Origin is not allowed: 403 (MCP "Security Warning", 2025-03-26 and
// later). A request without an Origin does not come from a page and passes. Exactly one Host is
// required. Nullopt when the request may go on.
std::optional<HttpReply> refuse_place(const HttpAccess& access, const HttpRequest& request);

// The caller by the Authorization header: a `motion_` bearer is the caller's own key, the endpoint
// token stands for the shared one. Otherwise the refusal: 401 with WWW-Authenticate, 400 when the
// header is malformed or there are two. Compares in constant time.
std::variant<mcp::Caller, HttpReply> identify(const HttpAccess& access, const HttpRequest& request);

// The headers that let a page of an allowed origin read the reply (Fetch standard, "CORS
// protocol"); empty for a request without an Origin.
HttpHeaders cors_headers(const HttpAccess& access, const HttpRequest& request);

}  // namespace motion_mcp::transport
