#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace motion_mcp::bench {

// The key of caller i.
std::string bench_key(std::size_t i);

// Jobs at the sandbox whose API is at `api`; job i belongs to bench_key(i), or all to bench_key(0).
// Exits the program when one is refused.
std::vector<std::string> make_jobs(const std::string& api, std::size_t count,
                                   const std::string& prompt, bool has_one_key = false);

}  // namespace motion_mcp::bench
