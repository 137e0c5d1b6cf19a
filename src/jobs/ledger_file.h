#pragma once

#include <string>

#include "base/result.h"
#include "base/sqlite.h"

namespace motion_mcp::jobs {

// The ledger at `path`, or one in memory for ":memory:", at this program's version of its form.
// What is missing is made, the folder for the user alone (0700) as well as the file and its -wal
// and -shm (0600); an older form is brought up to date. In WAL mode, each commit durable
// (synchronous=FULL).
//
// unavailable, with a message that names the path, when it cannot be opened or written, is damaged,
// was written by a newer version of this program, or is another program's.
Result<base::Database> open_ledger_file(const std::string& path);

}  // namespace motion_mcp::jobs
