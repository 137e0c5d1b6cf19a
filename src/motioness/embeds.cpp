#include "motioness/embeds.h"

#include "base/markup.h"

namespace motion_mcp::motioness {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + base::escape_markup(value) + '"';
}

// Browsers start a video by themselves only when it is muted, and phones only when it is inline.
std::string_view html_playback(std::string_view mode) {
  if (mode == "animate-on-hover") {
    return " loop muted playsinline preload=\"metadata\" onmouseenter=\"this.play()\" "
           "onmouseleave=\"this.pause()\"";
  }
  if (mode == "animate-in") return " autoplay muted playsinline";
  return " autoplay loop muted playsinline";
}

std::string_view jsx_playback(std::string_view mode) {
  if (mode == "animate-on-hover") {
    return " loop muted playsInline preload=\"metadata\" onMouseEnter={(event) => "
           "event.currentTarget.play()} onMouseLeave={(event) => event.currentTarget.pause()}";
  }
  if (mode == "animate-in") return " autoPlay muted playsInline";
  return " autoPlay loop muted playsInline";
}

std::string label(const EmbedParts& parts) {
  return parts.alt.empty() ? std::string() : attribute("aria-label", parts.alt);
}

std::string meta(std::string_view property, std::string_view content) {
  return "<meta" + attribute("property", property) + attribute("content", content) + ">";
}

std::string open_graph(const EmbedParts& parts) {
  std::string tags = meta("og:image", parts.poster_url) + "\n";
  if (!parts.alt.empty()) tags += meta("og:image:alt", parts.alt) + "\n";
  tags += meta("og:video", parts.video_url) + "\n";
  return tags + meta("og:video:type", "video/mp4");
}

// CommonMark section 2.4: every ASCII punctuation mark may be escaped. A line end would end it.
std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_{}[]()<>#+-.!|&~\"'";
  std::string escaped;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      escaped += ' ';
      continue;
    }
    if (kMarks.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// CommonMark section 6.3, in angle brackets: parentheses may stand there. "&" begins an entity only
// where a ";" can end it.
std::string markdown_destination(std::string_view url) {
  const bool may_hold_entity = url.find(';') != std::string_view::npos;
  std::string destination = "<";
  for (const char c : url) {
    if (c == '<' || c == '>' || c == '\\') destination += '\\';
    destination += c;
    if (c == '&' && may_hold_entity) destination += "amp;";
  }
  return destination + ">";
}

}  // namespace

Embeds make_embeds(const EmbedParts& parts) {
  const std::string src = attribute("src", parts.video_url);
  const std::string poster = attribute("poster", parts.poster_url);
  Embeds embeds;
  embeds.img = "<img" + attribute("src", parts.poster_url) + attribute("alt", parts.alt) + ">";
  embeds.video = "<video" + src + poster + label(parts);
  embeds.video.append(html_playback(parts.mode)).append("></video>");
  embeds.og = open_graph(parts);
  // RSS 2.0 wants a length in bytes; nobody knows it before the video is made, and readers take 0.
  embeds.rss = "<enclosure" + attribute("url", parts.video_url) + attribute("length", "0") +
               attribute("type", "video/mp4") + " />";
  embeds.markdown = "[![" + escape_markdown(parts.alt) + "](" +
                    markdown_destination(parts.poster_url) + ")](" +
                    markdown_destination(parts.video_url) + ")";
  embeds.mdx = "<video" + src + poster + label(parts);
  embeds.mdx.append(jsx_playback(parts.mode)).append(" />");
  return embeds;
}

}  // namespace motion_mcp::motioness
