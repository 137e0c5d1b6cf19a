#include <cstdio>
#include <cstdlib>
#include <string>

#include "fuzz/fuzz_target.h"

namespace motion_mcp::fuzz {

void require(bool holds, std::string_view promise, std::string_view shown) {
  if (holds) return;
  const std::string text = "not kept: " + std::string(promise) + "\n" + std::string(shown) + "\n";
  std::fputs(text.c_str(), stderr);
  std::abort();
}

}  // namespace motion_mcp::fuzz
