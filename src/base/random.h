#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace motion_mcp::base {

// Cryptographically random bytes (OpenSSL). Aborts when the system has no entropy source: nothing
// that needs them may go on without. Thread-safe.
std::string random_bytes(std::size_t count);

// Uniform in [0, 1). Not for secrets. Thread-safe.
double random_unit();

// A random UUID, version 4 (RFC 9562 section 5.4), lower case.
std::string random_uuid();

// True for the 8-4-4-4-12 form of RFC 9562 in either case, whatever the version.
bool is_uuid(std::string_view text);

}  // namespace motion_mcp::base
