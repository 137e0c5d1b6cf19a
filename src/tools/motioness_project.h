#pragma once

#include "base/result.h"
#include "mcp/caller.h"
#include "motioness/link.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {

// The Motioness project of this caller, with the signing secret when the server has one for it.
// no_credential when the key cannot be one, or the secret that was set cannot.
Result<motioness::Project> motioness_project(const MotionessServices& services,
                                             const mcp::Caller& caller);

}  // namespace motion_mcp::tools
