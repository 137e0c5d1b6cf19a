#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/sqlite.h"

namespace motion_mcp::base {

// The database at `path`, or one in memory for ":memory:", brought up to the form that `migrations`
// make of an empty one: each is a script from the version of its index to the next, so they are
// only ever added to. What is missing is made, the folder for the user alone (0700) as well as the
// file and its -wal and -shm (0600). In WAL mode, each commit durable (synchronous=FULL).
//
// unavailable, without the path in its message, when it cannot be opened or written, is damaged,
// was written by a newer version of this program, or is another program's.
Result<Database> open_database_file(const std::string& path,
                                    std::span<const char* const> migrations);

}  // namespace motion_mcp::base
