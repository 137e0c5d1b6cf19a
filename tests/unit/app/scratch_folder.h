#pragma once

#include "fakes/scratch_folder.h"

namespace motion_mcp::app {

using fakes::read_whole;
using fakes::ScratchFolder;

}  // namespace motion_mcp::app
