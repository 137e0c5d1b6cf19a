#pragma once

// Where the seal keys of this program come from (base/seal_file.h).

#include <memory>

#include "app/config.h"
#include "base/result.h"
#include "base/seal_key_source.h"

namespace motion_mcp::app {

// The keys in the configured file, made when there is none. Where there is no place for it, and
// none was asked for, they are this process's own, and the log says what that means; a file that
// was named and cannot be used is the error.
Result<base::SealKeys> read_seal_keys_now(const Config& config);

// The same at first use, so that a process that is only looked at touches no disk. A file that
// cannot be used then only costs what outlives the process, which the log says once.
std::shared_ptr<const base::SealKeySource> seal_keys_at_first_use(const Config& config);

}  // namespace motion_mcp::app
