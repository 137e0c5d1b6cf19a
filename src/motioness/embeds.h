#pragma once

// An asset as a page, a feed or a document shows it: text to paste, correctly escaped.

#include <string>
#include <string_view>

namespace motion_mcp::motioness {

struct EmbedParts {
  std::string video_url;   // the MP4
  std::string poster_url;  // the JPG
  std::string alt;         // for those who do not see it; may be empty. Valid UTF-8
  std::string mode;        // loop, animate-in or animate-on-hover; empty: as the project plays it
};

struct Embeds {
  std::string img;       // HTML: the poster
  std::string video;     // HTML, muted and inline, so that browsers let it start
  std::string og;        // Open Graph tags for the head of a page (https://ogp.me)
  std::string rss;       // RSS 2.0 <enclosure>
  std::string markdown;  // CommonMark: the poster, linked to the video
  std::string mdx;       // JSX
};

// The URLs are absolute http(s) and percent-encoded.
Embeds make_embeds(const EmbedParts& parts);

}  // namespace motion_mcp::motioness
