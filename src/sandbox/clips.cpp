#include "sandbox/clips.h"

#include "sandbox_clips.h"

namespace motion_mcp::sandbox {
namespace {

struct Clips {
  std::string_view aspect_ratio;
  std::string_view first;
  std::string_view followup;
};

constexpr Clips kClips[] = {{"16:9", embedded::k16x9, embedded::k16x9Followup},
                            {"9:16", embedded::k9x16, embedded::k9x16Followup},
                            {"1:1", embedded::k1x1, embedded::k1x1Followup},
                            {"4:5", embedded::k4x5, embedded::k4x5Followup},
                            {"21:9", embedded::k21x9, embedded::k21x9Followup}};

}  // namespace

std::string_view clip(std::string_view aspect_ratio, std::size_t run) {
  for (const Clips& clips : kClips) {
    if (clips.aspect_ratio == aspect_ratio) return run % 2 == 1 ? clips.first : clips.followup;
  }
  return clip(kDefaultAspectRatio, run);
}

}  // namespace motion_mcp::sandbox
