// What is built here is pasted into other people's pages: tries to break out of every attribute.
#include "motioness/embeds.h"

#include <doctest/doctest.h>

#include <string>

using namespace motion_mcp;
using motioness::EmbedParts;
using motioness::Embeds;

namespace {

const EmbedParts kPlain{"https://m.example/a.mp4?dur=2&seed=1",
                        "https://m.example/a.jpg?dur=2&seed=1", "A hero", ""};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an asset is ready to paste wherever it is shown") {
  const Embeds embeds = motioness::make_embeds(kPlain);
  CHECK(embeds.img == "<img src=\"https://m.example/a.jpg?dur=2&amp;seed=1\" alt=\"A hero\">");
  CHECK(embeds.video ==
        "<video src=\"https://m.example/a.mp4?dur=2&amp;seed=1\" "
        "poster=\"https://m.example/a.jpg?dur=2&amp;seed=1\" aria-label=\"A hero\" autoplay loop "
        "muted playsinline></video>");
  CHECK(embeds.og ==
        "<meta property=\"og:image\" content=\"https://m.example/a.jpg?dur=2&amp;seed=1\">\n"
        "<meta property=\"og:image:alt\" content=\"A hero\">\n"
        "<meta property=\"og:video\" content=\"https://m.example/a.mp4?dur=2&amp;seed=1\">\n"
        "<meta property=\"og:video:type\" content=\"video/mp4\">");
  CHECK(embeds.rss ==
        "<enclosure url=\"https://m.example/a.mp4?dur=2&amp;seed=1\" length=\"0\" "
        "type=\"video/mp4\" />");
  CHECK(embeds.markdown ==
        "[![A "
        "hero](<https://m.example/a.jpg?dur=2&seed=1>)](<https://m.example/a.mp4?dur=2&seed=1>)");
  CHECK(embeds.mdx ==
        "<video src=\"https://m.example/a.mp4?dur=2&amp;seed=1\" "
        "poster=\"https://m.example/a.jpg?dur=2&amp;seed=1\" aria-label=\"A hero\" autoPlay loop "
        "muted playsInline />");
}

TEST_CASE("without words for it a picture has an empty alt, and nothing else names it") {
  EmbedParts parts = kPlain;
  parts.alt.clear();
  const Embeds embeds = motioness::make_embeds(parts);
  CHECK(has(embeds.img, " alt=\"\""));
  CHECK_FALSE(has(embeds.video, "aria-label"));
  CHECK_FALSE(has(embeds.og, "alt"));
  CHECK(embeds.markdown.starts_with("[![]("));
}

TEST_CASE("each mode plays as it is meant to") {
  EmbedParts parts = kPlain;
  parts.mode = "animate-in";
  CHECK(has(motioness::make_embeds(parts).video, "autoplay muted"));
  CHECK_FALSE(has(motioness::make_embeds(parts).mdx, "loop"));
  parts.mode = "animate-on-hover";
  CHECK_FALSE(has(motioness::make_embeds(parts).video, "autoplay"));
  CHECK(has(motioness::make_embeds(parts).video, "onmouseenter=\"this.play()\""));
  CHECK(has(motioness::make_embeds(parts).mdx, "onMouseEnter={"));
}

TEST_CASE("nothing in an alt text gets out of its place") {
  EmbedParts parts = kPlain;
  parts.alt = "\"><script>x</script>' & `{y}` ](http://evil)\n# [a](b) \\";
  const Embeds embeds = motioness::make_embeds(parts);
  for (const std::string& markup : {embeds.img, embeds.video, embeds.og, embeds.mdx}) {
    CAPTURE(markup);
    CHECK_FALSE(has(markup, "<script"));
    CHECK_FALSE(has(markup, "\"><"));
    CHECK(has(markup, "&quot;&gt;&lt;script&gt;x&lt;/script&gt;&#39; &amp;"));
  }
  CHECK(embeds.markdown.starts_with(
      "[![\\\"\\>\\<script\\>x\\</script\\>\\' \\& \\`\\{y\\}\\` \\]\\(http://evil\\) \\# "
      "\\[a\\]\\(b\\) \\\\](<"));
}

TEST_CASE("nothing in a URL gets out of its place") {
  EmbedParts parts{"https://m.example/a(b)';&copy;.mp4", "https://m.example/a.jpg", "", ""};
  const Embeds embeds = motioness::make_embeds(parts);
  CHECK(has(embeds.video, "src=\"https://m.example/a(b)&#39;;&amp;copy;.mp4\""));
  CHECK(has(embeds.markdown, "(<https://m.example/a(b)';&amp;copy;.mp4>)"));
}
