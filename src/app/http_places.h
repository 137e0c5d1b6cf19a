#pragma once

// Who may reach the HTTP endpoint, from what the operator said.

#include <cstdint>
#include <string>
#include <string_view>

#include "app/http_config.h"
#include "app/setting_reader.h"
#include "base/result.h"
#include "transport/http_access.h"

namespace motion_mcp::app {

// True for an address, or a name of one, that only this machine can reach.
bool is_loopback(std::string_view host);

// "127.0.0.1:8391", "[::1]:8391"
std::string authority_of(std::string_view host, std::uint16_t port);

// The issuer of the authorization server on such a listener: the public URL, or the address that it
// listens on when that is loopback. invalid_argument when clients could not use it: it must be
// https unless it is on loopback, and have no path (its metadata is found by its host).
Result<std::string> issuer_url(const HttpConfig& config, const ListenAddress& listen,
                               std::uint16_t port);

// The rules for a listener on `listen`, whose port is `port`. `shared_key` is the server's own
// Motion key, empty when there is none. invalid_argument when the settings would leave the endpoint
// open to strangers, or closed to everybody.
Result<transport::HttpAccess> make_access(const HttpConfig& config, const ListenAddress& listen,
                                          std::uint16_t port, const std::string& shared_key);

}  // namespace motion_mcp::app
