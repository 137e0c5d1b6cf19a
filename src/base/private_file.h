#pragma once

// Files and folders that belong to the user alone.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::base {

// Makes the folder at `path`, and those above it that are missing, mode 0700. One that is there is
// left as it is. unavailable says why it cannot be made.
Result<void> make_private_folder(const std::string& path);

// Makes a file of `content` at `path`, mode 0600, in one step: whoever finds it finds it whole, and
// of several processes that do so at once one wins. True when this call made it, false when one was
// there already, which is left alone. Durable when it returns. unavailable says why it failed.
Result<bool> make_private_file(const std::string& path, std::string_view content);

// The content of the file at `path`. unavailable when it cannot be read, is longer than
// `max_bytes`, or may be read or written by others than its owner; its group may read it, since a
// mounted secret is often shared that way.
Result<std::string> read_private_file(const std::string& path, std::size_t max_bytes);

}  // namespace motion_mcp::base
