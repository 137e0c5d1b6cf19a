// Replays a corpus without libFuzzer: every file of the folders named, whole and cut short.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "fuzz/fuzz_target.h"

namespace {

constexpr std::size_t kCuts = 8;

void replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  const std::string bytes = text.str();
  // Said before, so that a crash shows whose it is.
  std::fprintf(stderr, "%s\n", file.c_str());
  for (std::size_t cut = 0; cut <= kCuts; ++cut) {
    // A buffer of its own, so that a read beyond its end shows.
    const std::string part = bytes.substr(0, bytes.size() * (kCuts - cut) / kCuts);
    motion_mcp::fuzz::try_bytes(part);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      replay(entry.path());
      ++files;
    }
  }
  if (files > 0) return 0;
  std::fputs("there is no corpus\n", stderr);
  return 1;
}
