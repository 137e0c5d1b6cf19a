#pragma once

// The services besides Motion. Each has a toolset of its name, on for those who have a key for it
// (design section 1).

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "mcp/caller.h"
#include "transport/http_access.h"

namespace motion_mcp::app {

struct FurtherService {
  std::string_view name;          // of the toolset, and of the credential in mcp::Caller
  std::string_view key_variable;  // MOSAIC_API_KEY
  std::string_view header;        // in which a caller over HTTP brings the key
  std::string_view sandbox_key;   // any will do there; the real one is never given to it
  ApiKey Config::*key;
  std::string_view ledger;  // of the orders there, as doctor names it
  std::string Config::*ledger_path;
};

std::span<const FurtherService> further_services();

// The further credentials of who started this program: the keys of the environment, for the
// toolsets that are wanted. In the sandbox a toolset that was asked for by name needs no key.
std::map<std::string, std::string, std::less<>> own_credentials(const Config& config);

// When the tool needs a key that the caller does not have: which, and how to give it.
// no_credential.
std::optional<Error> missing_key(std::string_view tool, const Config& config,
                                 const mcp::Caller& caller);

// The headers in which callers over HTTP bring theirs.
std::vector<transport::CredentialHeader> credential_headers();

// What is amiss with the keys of the wanted toolsets, for the log: a toolset that was asked for by
// name and has no key, a key that cannot be one.
std::vector<std::string> key_warnings(const Config& config);

// The keys of the environment that an HTTP server leaves alone: its callers bring their own.
std::vector<std::string> unused_key_warnings(const Config& config);

}  // namespace motion_mcp::app
