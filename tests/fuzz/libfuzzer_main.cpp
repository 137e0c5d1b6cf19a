#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const void* bytes = data;
  motion_mcp::fuzz::try_bytes({static_cast<const char*>(bytes), size});
  return 0;
}
