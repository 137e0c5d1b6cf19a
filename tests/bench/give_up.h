#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace motion_mcp::bench {

[[noreturn]] inline void give_up(const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, why.c_str());
  std::exit(1);
}

}  // namespace motion_mcp::bench
