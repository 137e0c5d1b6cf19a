#include "app/flags.h"

#include <algorithm>

namespace motion_mcp::app {
namespace {

template <class... Names>
constexpr unsigned in(Names... names) {
  return ((1U << static_cast<unsigned>(names)) | ...);
}

using enum CommandName;
constexpr unsigned kServing = in(stdio, call, tools, print_config);
constexpr unsigned kEverywhere = kServing | in(doctor, sandbox);

}  // namespace

const std::array<Flag, 12> kFlags = {{
    {"sandbox", "",
     "talk to an offline Motion API inside this process: no key, no network, no credits",
     kServing | in(doctor)},
    {"speed", "N", "how many times faster than the real service the sandbox works (default 100)",
     in(stdio, call, print_config, sandbox)},
    {"api-base-url", "URL", "where the Motion API is (default https://api.motion.so/api/motion)",
     kServing | in(doctor)},
    {"ca-file", "FILE", "PEM file of the certificate authorities to trust instead of the system's",
     kServing | in(doctor)},
    {"toolsets", "LIST", "the toolsets to serve, separated by commas (default motion)", kServing},
    {"read-only", "", "hide the tools that spend credits or write", kServing},
    {"max-wait", "SECONDS", "the longest that one get_video_status may wait (default 50)",
     kServing},
    {"log-level", "LEVEL", "debug, info, warning, error or off, on stderr (default warning)",
     kEverywhere},
    {"listen", "HOST:PORT", "address to serve on; port 0 takes a free one (default 127.0.0.1:0)",
     in(sandbox)},
    {"wait", "", "wait until the video is ready or has failed", in(call)},
    {"output", "FILE", "save the finished video there; implies --wait", in(call)},
    {"json", "", "print one JSON document instead of text", in(call, tools, doctor)},
}};

const Flag* find_flag(std::string_view name) {
  const auto* found = std::find_if(kFlags.begin(), kFlags.end(),
                                   [&](const Flag& flag) { return flag.name == name; });
  return found == kFlags.end() ? nullptr : found;
}

std::string environment_twin(std::string_view flag_name) {
  std::string twin = "MOTION_";
  for (const char c : flag_name) {
    const bool is_lower = c >= 'a' && c <= 'z';
    twin += c == '-' ? '_' : is_lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return twin;
}

}  // namespace motion_mcp::app
