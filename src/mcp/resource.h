#pragma once

// How resources are registered and read (MCP "Resources"). Like a tool, a
// resource sees neither a protocol version nor a header.

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "mcp/caller.h"
#include "mcp/completion.h"
#include "mcp/uri_template.h"

namespace motion_mcp::mcp {

struct ResourceContents {
  std::string mime_type;
  std::string data;        // text, valid UTF-8, unless is_binary
  bool is_binary = false;  // sent as base64
  Json meta;               // `_meta` of the contents; null for none
};

struct ResourceRequest {
  const std::string& uri;
  const UriVariables& variables;  // none for a resource without a template
  const Caller& caller;
  std::stop_token stop;  // the caller no longer wants the answer
};

// May block: it runs on a worker, many at a time. `not_found` says that there is no such resource,
// `invalid_argument` that the URI is wrong; any other error is an internal one to the client, with
// its message and next step. Exceptions become an internal error without words.
using ResourceReader = std::function<Result<ResourceContents>(const ResourceRequest&)>;

// How long a client may keep what it read, and whether for this caller alone (2026-07-28,
// "Caching").
struct CacheHint {
  std::chrono::milliseconds ttl{0};
  bool is_private = true;
};

struct Resource {
  // The resources/list entry as JSON text: uri, name, title, description, mimeType. Must outlive
  // the server.
  std::string_view definition;
  ResourceReader read;
  CacheHint cache = {};
};

struct ResourceTemplate {
  // The resources/templates/list entry: uriTemplate (uri_template.h), name, ... Likewise.
  std::string_view definition;
  ResourceReader read;
  Completer complete = {};  // empty: nothing is suggested
  CacheHint cache = {};
};

// What a server offers to read. Listed in the given order; a URI is looked for among `fixed` first.
struct Resources {
  std::vector<Resource> fixed;
  std::vector<ResourceTemplate> templates;

  [[nodiscard]] bool empty() const { return fixed.empty() && templates.empty(); }
};

}  // namespace motion_mcp::mcp
