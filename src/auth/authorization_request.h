#pragma once

// The request to the authorization endpoint (OAuth 2.1 section 4.1.1), judged.

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include "auth/client_source.h"
#include "auth/consent_ticket.h"
#include "auth/deployment.h"
#include "auth/oauth_error.h"

namespace motion_mcp::auth {

// Nobody is to be sent anywhere: the client, or where it wants the answer, cannot be trusted.
struct UntrustedRequest {
  int status = 400;
  std::string why;        // one clause, for a person
  std::string next_step;  // a sentence; empty when there is nothing to do but not to go on
};

// The client is known, but not what it asks for.
struct FaultyRequest {
  std::string client_name;
  std::string redirect_uri;
  std::string state;
  OAuthError error;
};

using JudgedRequest = std::variant<PendingRequest, FaultyRequest, UntrustedRequest>;

// `query` is the part of the target after "?". Blocks as ClientSource::find does.
JudgedRequest judge_authorization_request(
    std::string_view query, const Deployment& deployment,
    std::span<const std::shared_ptr<const ClientSource>> sources, const std::stop_token& stop);

// The redirect URI with the answer to the client: a code or an error, its state, and who answers
// (RFC 9207).
std::string redirect_with_code(std::string_view redirect_uri, std::string_view issuer,
                               std::string_view state, std::string_view code);
std::string redirect_with_error(std::string_view redirect_uri, std::string_view issuer,
                                std::string_view state, const OAuthError& error);

}  // namespace motion_mcp::auth
