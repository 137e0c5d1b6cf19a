#include "tools/video_card.h"

#include <algorithm>
#include <utility>

#include "video_card_html.h"

namespace motion_mcp::tools {
namespace {

// The schemas of the tools name it, too. Hosts keep the page by this URI: another page is a v2.
constexpr std::string_view kDefinition = R"json({
  "uri": "ui://motion/video-card.v1.html",
  "name": "video-card",
  "title": "Video card",
  "description": "What a host draws for a video job; nothing to read",
  "mimeType": "text/html;profile=mcp-app"
})json";

}  // namespace

std::vector<mcp::App> make_video_card(std::span<const Entry> enabled,
                                      std::vector<std::string> media_origins) {
  const bool is_wanted = std::any_of(enabled.begin(), enabled.end(), [](const Entry& entry) {
    return entry.name == "refresh_video_card";
  });
  if (!is_wanted) return {};
  return {{kDefinition, embedded::kVideoCard, std::move(media_origins)}};
}

}  // namespace motion_mcp::tools
