#pragma once

#include <string>

#include "base/result.h"
#include "base/seal.h"

namespace motion_mcp::base {

// The keys in the seal file at `path`: one base64url key of 32 bytes per line, newest first; empty
// lines and lines that begin with # do not count. unavailable when it cannot be read or others can
// (private_file.h), invalid_argument when a line is no key. The redactor is told every key.
Result<SealKeys> read_seal_keys(const std::string& path);

// The same, after making a file with one new key, and its folder, when there is none. Processes
// that do so at once all get the same key.
Result<SealKeys> read_or_make_seal_keys(const std::string& path);

}  // namespace motion_mcp::base
