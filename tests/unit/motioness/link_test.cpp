// A URL is money and a signature: tries to get one signed wrongly, to smuggle another project, host
// or parameter into it, and to make one asset look like two.
#include "motioness/link.h"

#include <doctest/doctest.h>

#include <string>

using namespace motion_mcp;
using namespace std::chrono_literals;
using motioness::AssetSpec;
using motioness::Format;
using motioness::Link;
using motioness::Project;

namespace {

const base::WallTime kExpiry{1'764'000'000s};
const Project kAllowing{"https://motioness.com", "pk_acme"};
const Project kSigning{"https://motioness.com", "pk_acme", "sk_test_secret"};

std::string url_of(const Project& project, const AssetSpec& spec, Format format = Format::mp4) {
  const auto link = motioness::make_link(project, spec, format, kExpiry);
  return link ? motioness::to_url(project, *link) : link.error().message;
}

std::string refusal_of(const Project& project, std::string source_url) {
  AssetSpec spec;
  spec.source_url = std::move(source_url);
  const auto link = motioness::make_link(project, spec, Format::mp4, kExpiry);
  if (link) return "taken";
  CHECK(link.error().kind == ErrorKind::invalid_argument);
  return link.error().message;
}

std::string identity_of(const Project& project, const std::string& url) {
  const auto link = motioness::parse_link(project, url);
  return link ? motioness::asset_identity(*link) : link.error().message;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a project that allows origins has the source in the path, without its scheme") {
  CHECK(url_of(kAllowing, {"https://cdn.acme.com/hero.png"}) ==
        "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.mp4");
  CHECK(url_of(kAllowing, {"https://cdn.acme.com/hero.png"}, Format::jpg) ==
        "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.jpg");
  CHECK(url_of(kAllowing, {"https://cdn.acme.com:8443/a%20b/c.png#top"}) ==
        "https://motioness.com/v1/pk_acme/cdn.acme.com:8443/a%20b/c.png.mp4");
}

TEST_CASE("every parameter stands in the URL once, escaped, and only when it was given") {
  AssetSpec spec{"https://cdn.acme.com/hero.png"};
  spec.motion = "subtle";
  spec.mode = "animate-on-hover";
  spec.dur = 8;
  spec.prompt = "slow & \"soft\" zoom? 50% é";
  spec.seed = -1;
  spec.aspect = "16:9";
  spec.idem = "a b";
  CHECK(url_of(kAllowing, spec) ==
        "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.mp4?motion=subtle&mode=animate-on-"
        "hover&dur=8&prompt=slow%20%26%20%22soft%22%20zoom%3F%2050%25%20%C3%A9&seed=-1&aspect=16%3A"
        "9&idem=a%20b");
}

TEST_CASE(
    "a source with a query is percent-encoded once more, so that decoding it once is enough") {
  CHECK(url_of(kAllowing, {"https://cdn.acme.com/a%20b.png?w=1&h=2"}) ==
        "https://motioness.com/v1/pk_acme/cdn.acme.com/a%2520b.png%3Fw=1&h=2.mp4");
  CHECK(motioness::has_query("https://h/a?b"));
  CHECK_FALSE(motioness::has_query("https://h/a#b?c"));
}

TEST_CASE("a signed URL is what openssl makes of it") {
  // printf %s https://cdn.acme.com/hero.png | openssl base64 -A | tr '+/' '-_' | tr -d =
  // printf %s pk_acme:https://cdn.acme.com/hero.png:1764000000 |
  //   openssl dgst -sha256 -hmac sk_test_secret
  CHECK(
      url_of(kSigning, {"https://cdn.acme.com/hero.png"}) ==
      "https://motioness.com/v1/pk_acme/aHR0cHM6Ly9jZG4uYWNtZS5jb20vaGVyby5wbmc.mp4?exp=1764000000"
      "&sig=9ec77ca851a02b25f9cac02c2081108e81021e1655c1e9497b6dc45e114dfbf1");
  // printf %s 'https://cdn.acme.com/a%20b.png?w=1&h=2' | openssl base64 -A | tr '+/' '-_' | tr -d =
  // printf %s 'pk_acme:https://cdn.acme.com/a%20b.png?w=1&h=2:1764000000' |
  //   openssl dgst -sha256 -hmac sk_test_secret
  AssetSpec spec{"https://cdn.acme.com/a%20b.png?w=1&h=2#x"};
  spec.dur = 4;
  CHECK(url_of(kSigning, spec) ==
        "https://motioness.com/v1/pk_acme/aHR0cHM6Ly9jZG4uYWNtZS5jb20vYSUyMGIucG5nP3c9MSZoPTI.mp4?"
        "dur=4&exp=1764000000"
        "&sig=bcf802c49eb9e735f9ac6e3eddb455224dda6620caccb8f568f1e555d037d094");
}

TEST_CASE("a signature covers source and expiry alone, so the poster has the same one") {
  const std::string mp4 = url_of(kSigning, {"https://cdn.acme.com/hero.png"});
  const std::string jpg = url_of(kSigning, {"https://cdn.acme.com/hero.png"}, Format::jpg);
  CHECK(mp4.substr(mp4.find('?')) == jpg.substr(jpg.find('?')));
}

TEST_CASE("an expiry is in whole seconds, and of signed URLs alone") {
  const auto link =
      motioness::make_link(kSigning, {"https://h.example/a.png"}, Format::mp4, kExpiry + 999ms);
  CHECK(link->expires_at == kExpiry);
  CHECK_FALSE(motioness::make_link(kAllowing, {"https://h.example/a.png"}, Format::mp4, kExpiry)
                  ->expires_at);
}

TEST_CASE("an expiry that no clock can tell never comes") {
  const auto expiry_of = [](const std::string& exp) {
    return motioness::parse_link(kAllowing,
                                 "https://motioness.com/v1/pk_acme/h.example/a.png.mp4?exp=" + exp)
        ->expires_at;
  };
  CHECK(expiry_of("1764000000") == kExpiry);
  CHECK(expiry_of("1") == base::WallTime(1s));
  for (const char* exp : {"253402300799", "9223372036854775807", "9223372036854775808", "-1", ""}) {
    CAPTURE(exp);
    CHECK_FALSE(expiry_of(exp));
  }
}

TEST_CASE("the secret stands in no URL and in no refusal") {
  for (const char* source :
       {"https://cdn.acme.com/hero.png", "ftp://x", "", "https://u:p@h/a.png"}) {
    CHECK_FALSE(has(url_of(kSigning, {source}), "sk_test_secret"));
  }
}

TEST_CASE("a source that the proxy cannot be told is refused") {
  CHECK(has(refusal_of(kAllowing, "http://cdn.acme.com/a.png"), "plain http"));
  CHECK(refusal_of(kSigning, "http://cdn.acme.com/a.png") == "taken");
  CHECK(has(refusal_of(kAllowing, "/home/me/a.png"), "https://"));
  CHECK(has(refusal_of(kAllowing, "https://h.example/a b.png"), "percent-encoded"));
  CHECK(has(refusal_of(kAllowing, "https://h.example/" + std::string(2048, 'a')), "2048"));
  CHECK(refusal_of(kAllowing, "https://h.example/" + std::string(2030, 'a')) == "taken");
  CHECK(has(refusal_of(kAllowing, "https://h.example/?" + std::string(2000, '%')), "4096"));
}

TEST_CASE("a path that a browser would resolve to somewhere else is refused") {
  for (const char* source :
       {"https://h.example/../../pk_other/a.png", "https://h.example/a/./b.png",
        "https://h.example/%2e%2E/a.png", "https://h.example/a/.%2e"}) {
    CHECK_MESSAGE(has(refusal_of(kAllowing, source), ". or .. segment"), source);
  }
  CHECK(refusal_of(kAllowing, "https://h.example/a..b/.c/...png") == "taken");
  CHECK(refusal_of(kSigning, "https://h.example/../a.png") == "taken");
}

TEST_CASE("a URL that was built is read back as it was") {
  AssetSpec spec{"https://cdn.acme.com/a.png?x=1&y=%26"};
  spec.prompt = "a+b &c=%20 é";
  spec.dur = 3;
  for (const Project& project : {kAllowing, kSigning}) {
    const std::string url = url_of(project, spec);
    const auto link = motioness::parse_link(project, url);
    REQUIRE(link);
    CHECK(motioness::to_url(project, *link) == url);
    CHECK(link->expires_at.has_value() == !project.signing_secret.empty());
  }
}

TEST_CASE("a URL that somebody else wrote means the same") {
  const auto link = motioness::parse_link(kAllowing,
                                          "https://MOTIONESS.com:443/v1/pk_acme/cdn.acme.com/"
                                          "a.mp4.mp4?prompt=a+b%zz&&wait_ms=9&dur&x=1");
  REQUIRE(link);
  CHECK(link->source == "cdn.acme.com/a.mp4");
  CHECK(motioness::to_url(kAllowing, *link) ==
        "https://motioness.com/v1/pk_acme/cdn.acme.com/a.mp4.mp4?prompt=a%20b%25zz&dur=&x=1");
}

TEST_CASE("a wait is of a request, and never longer than the service allows") {
  const auto link = motioness::parse_link(
      kAllowing, "https://motioness.com/v1/pk_acme/h.example/a.png.mp4?wait_ms=1&dur=2");
  CHECK(motioness::to_url(kAllowing, *link, Format::mp4, 1500ms) ==
        "https://motioness.com/v1/pk_acme/h.example/a.png.mp4?dur=2&wait_ms=1500");
  CHECK(
      has(motioness::to_url(kAllowing, *link, Format::jpg, 60'000ms), ".jpg?dur=2&wait_ms=10000"));
}

TEST_CASE("only URLs of this project at this proxy are taken, and a refusal repeats none of them") {
  for (const char* url :
       {"https://motioness.com.evil.example/v1/pk_acme/h.example/a.png.mp4",
        "https://evil.example/v1/pk_acme/h.example/a.png.mp4?sig=abcdef",
        "http://motioness.com/v1/pk_acme/h.example/a.png.mp4",
        "https://motioness.com:8443/v1/pk_acme/h.example/a.png.mp4",
        "https://motioness.com/v2/pk_acme/h.example/a.png.mp4",
        "https://motioness.com/v1/pk_acme2/h.example/a.png.mp4",
        "https://motioness.com/v1/pk_acme/h.example/a.png.gif",
        "https://motioness.com/v1/pk_acme/.mp4", "https://motioness.com/v1/pk_acme",
        "https://motioness.com/v1/pk_acme/h.example/../../pk_other/x.mp4", "file:///etc/passwd",
        "https://me@motioness.com/v1/pk_acme/h.example/a.png.mp4"}) {
    const auto link = motioness::parse_link(kAllowing, url);
    REQUIRE_MESSAGE(!link, url);
    CHECK(link.error().kind == ErrorKind::invalid_argument);
    CHECK_FALSE(has(link.error().message, "abcdef"));
  }
}

TEST_CASE("a proxy below a path is one as well") {
  const Project sandbox{"http://127.0.0.1:8080/motioness", "pk_sandbox"};
  const std::string url = url_of(sandbox, {"https://h.example/a.png"});
  CHECK(url == "http://127.0.0.1:8080/motioness/v1/pk_sandbox/h.example/a.png.mp4");
  CHECK(motioness::parse_link(sandbox, url));
  CHECK_FALSE(
      motioness::parse_link(sandbox, "http://127.0.0.1:8080/v1/pk_sandbox/h.example/a.mp4"));
}

TEST_CASE("what makes an asset another one, and what does not") {
  const std::string base = "https://motioness.com/v1/pk_acme/h.example/a.png";
  const std::string one = identity_of(kAllowing, base + ".mp4?dur=2&motion=subtle");
  CHECK(identity_of(kAllowing, base + ".jpg?motion=subtle&dur=2&wait_ms=5&exp=1&sig=ab") == one);
  CHECK(identity_of(kAllowing, base + ".mp4?dur=3&motion=subtle") != one);
  CHECK(identity_of(kAllowing, base + ".mp4?dur=2&motion=subtle&idem=1") != one);
  CHECK(identity_of(kAllowing, base + "2.mp4?dur=2&motion=subtle") != one);
  CHECK(identity_of(kAllowing, base + ".mp4?prompt=a%0Adur=2") !=
        identity_of(kAllowing, base + ".mp4?prompt=a&dur=2"));
}
