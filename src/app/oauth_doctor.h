#pragma once

// `motion-mcp doctor --oauth URL`: an endpoint's way to a token, walked as a client walks it (MCP
// "Authorization", 2026-07-28), up to where a person would be asked.

#include <stop_token>
#include <string>
#include <vector>

#include "app/findings.h"
#include "base/clock.h"
#include "net/http_client.h"

namespace motion_mcp::app {

struct OAuthExamination {
  std::string endpoint;  // "https://mcp.example.org/mcp"
  net::HttpClient& http;
  const base::Clock& clock;
};

// The checks in their order: endpoint, challenge, resource, issuer, pkce, iss, clients, register,
// page, token. After the first that fails the others are skipped, for they lean on it. Spends
// nothing and shows no credential; where the server registers clients it registers one.
std::vector<Finding> examine_oauth(const OAuthExamination& examination,
                                   const std::stop_token& stop);

}  // namespace motion_mcp::app
