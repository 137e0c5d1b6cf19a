#pragma once

// What a part of a file is a part of: as much as must be known to go on with it later.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/http_client.h"

namespace motion_mcp::download {

struct Source {
  std::string resource;   // resource_of its URL
  std::string validator;  // as If-Range takes it; empty: a part of it cannot be gone on with
  std::optional<std::uint64_t> total;  // bytes
};

// Names what a URL leads to: a digest of it without its query, where signed links of the same file
// differ.
std::string resource_of(std::string_view url);

// The strong validator of an answer (RFC 9110 section 8.8.1): its ETag, else a Last-Modified that
// is at least a minute older than its Date (section 8.8.2.2); empty when it has neither.
std::string validator_of(const net::Headers& headers, base::WallTime now);

// "bytes 5-9/10" (RFC 9110 section 14.4).
struct ContentRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> total;
};
std::optional<ContentRange> parse_content_range(std::string_view text);

// A decimal number and nothing else.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

// One line each, for a file; nullopt for what to_text did not write, or what another start of the
// machine wrote: after a crash of the machine a part may be longer than what reached the disk.
std::string to_text(const Source& source);
std::optional<Source> source_from(std::string_view text);

}  // namespace motion_mcp::download
