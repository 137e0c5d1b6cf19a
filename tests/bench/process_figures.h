#pragma once

// What a process uses, from /proc. Both exit the program when the process is gone.

#include <sys/types.h>

#include <cstddef>

namespace motion_mcp::bench {

std::size_t resident_kib(pid_t process);
// Of all its threads so far.
double processor_seconds(pid_t process);

}  // namespace motion_mcp::bench
