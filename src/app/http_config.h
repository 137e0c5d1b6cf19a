#pragma once

// The settings of `motion-mcp http`.

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/setting_reader.h"
#include "auth/guarded_fetch.h"
#include "base/result.h"
#include "transport/admission.h"
#include "transport/http_listener.h"

namespace motion_mcp::app {

struct HttpConfig {
  bool shared_key = false;
  bool oauth = false;
  // The file of auth::FileGrantStore; empty to remember in memory. Filled in by read_config.
  std::string oauth_store;
  bool oauth_store_was_given = false;
  // Where hosts of clients' documents are that the operator vouches for.
  std::map<std::string, auth::GuardedFetch::Place, std::less<>> oauth_client_hosts;
  // MOTION_ENDPOINT_TOKEN, or what --endpoint-token-file holds; empty when there is none. Known to
  // the redactor.
  std::string endpoint_token;
  // Why what was given is none. make_access refuses it: a program that serves no callers need not.
  std::optional<Error> endpoint_token_problem = std::nullopt;
  std::vector<std::string> allowed_hosts;
  std::vector<std::string> allowed_origins;
  // Scheme and host in lower case, without the scheme's own port and a slash at its end; empty when
  // there is none.
  std::string public_url;
  base::AddressRanges trusted_proxies;
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::optional<ListenAddress> admin_listen;
  bool access_log = true;
  std::chrono::seconds drain{10};
  transport::Admission::Limits admission;
  // Limits and times only; the rest is filled in when the server starts.
  transport::HttpListenerOptions listener;
};

Result<HttpConfig> read_http_config(const SettingReader& reader);

}  // namespace motion_mcp::app
