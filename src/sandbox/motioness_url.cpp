#include "sandbox/motioness_url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/hmac.h"
#include "base/text.h"

namespace motion_mcp::sandbox {
namespace {

constexpr std::size_t kFormatBytes = 4;  // ".mp4", ".jpg"
constexpr const char* kSignatureMissing = "signing not configured or signature missing";
constexpr std::size_t kMaxPathBytes = 4096;
constexpr std::size_t kMaxSourceBytes = 2048;
constexpr std::int64_t kMaxWaitMs = 10'000;

int digit_value(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t value = kDigits.find(lower);
  return value == std::string_view::npos ? -1 : static_cast<int>(value);
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  while (!text.empty()) {
    if (text.size() > 2 && text[0] == '%' && digit_value(text[1]) >= 0 &&
        digit_value(text[2]) >= 0) {
      decoded += static_cast<char>(digit_value(text[1]) * 16 + digit_value(text[2]));
      text.remove_prefix(3);
      continue;
    }
    decoded += plus_is_space && text[0] == '+' ? ' ' : text[0];
    text.remove_prefix(1);
  }
  return decoded;
}

std::map<std::string, std::string> read_query(std::string_view query) {
  std::map<std::string, std::string> parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.empty()) continue;
    const std::string_view value = pair.substr(std::min(pair.size(), equals + 1));
    // The first of a name counts, as with URLSearchParams.get.
    parameters.emplace(percent_decode(pair.substr(0, equals), true), percent_decode(value, true));
  }
  return parameters;
}

std::optional<std::int64_t> read_integer(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// --- checks --------------------------------------------------------------------------------------

struct Words {
  const char* name;
  std::vector<std::string_view> allowed;
};

struct Range {
  const char* name;
  std::int64_t low;
  std::int64_t high;
};

// The vendor names no body for a malformed URL.
std::optional<UrlFault> check_parameters(const ProxyUrl& url) {
  static const std::array<Words, 3> kWords = {{{"motion", {"subtle", "medium", "kinetic"}},
                                               {"mode", {"loop", "animate-in", "animate-on-hover"}},
                                               {"aspect", {"1:1", "16:9", "9:16", "preserve"}}}};
  constexpr std::array<Range, 3> kRanges = {
      {{"dur", 2, 8}, {"wait_ms", 0, kMaxWaitMs}, {"seed", INT64_MIN, INT64_MAX}}};
  constexpr std::size_t kMaxPrompt = 500;
  const auto invalid = [](const char* name) {
    return UrlFault{400, std::string("invalid ") + name};
  };
  for (const Words& words : kWords) {
    const auto found = url.parameters.find(words.name);
    if (found == url.parameters.end()) continue;
    if (std::find(words.allowed.begin(), words.allowed.end(), found->second) ==
        words.allowed.end()) {
      return invalid(words.name);
    }
  }
  for (const Range& range : kRanges) {
    const auto found = url.parameters.find(range.name);
    if (found == url.parameters.end()) continue;
    const auto value = read_integer(found->second);
    if (!value || *value < range.low || *value > range.high) return invalid(range.name);
  }
  if (base::count_code_points(url.parameter("prompt")) > kMaxPrompt) return invalid("prompt");
  return std::nullopt;
}

std::optional<UrlFault> check_signature(const ProxyUrl& url, std::string_view secret,
                                        base::WallTime now) {
  const std::string expiry = url.parameter("exp");
  const std::string signature = url.parameter("sig");
  if (signature.empty() || expiry.empty()) {
    return UrlFault{403, kSignatureMissing};
  }
  const std::string expected =
      base::hmac_sha256_hex(secret, url.project + ":" + url.source_url + ":" + expiry);
  const auto seconds = read_integer(expiry);
  const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  if (signature != expected || !seconds || now_seconds > *seconds) {
    return UrlFault{403, "invalid signature"};
  }
  return std::nullopt;
}

std::optional<UrlFault> read_signed_source(ProxyUrl& url, std::string_view segment,
                                           std::string_view secret, base::WallTime now) {
  const auto source_url = base::decode_base64url(segment);
  if (!source_url) return UrlFault{403, kSignatureMissing};
  url.source_url = *source_url;
  return check_signature(url, secret, now);
}

std::optional<UrlFault> read_plain_source(ProxyUrl& url, std::string_view segment) {
  if (!url.parameter("sig").empty()) return UrlFault{403, kSignatureMissing};
  // No page says how a source with a query is written here: decoded once, when it shows a "?".
  const bool is_encoded = segment.find("%3F") != std::string_view::npos;
  url.source_url =
      "https://" + (is_encoded ? percent_decode(segment, false) : std::string(segment));
  return std::nullopt;
}

// The kind is told by the name here, for nothing is fetched; a name that says nothing passes.
std::optional<UrlFault> check_kind(const std::string& source_url) {
  struct Kind {
    std::string_view ending;
    std::string_view type;
  };
  constexpr std::array<Kind, 4> kRefused = {{{".svg", "image/svg+xml"},
                                             {".gif", "image/gif"},
                                             {".avif", "image/avif"},
                                             {".mp4", "video/mp4"}}};
  const std::string_view path = std::string_view(source_url).substr(0, source_url.find('?'));
  for (const Kind& kind : kRefused) {
    if (path.ends_with(kind.ending)) {
      return UrlFault{415, "unsupported type: " + std::string(kind.type) + " — png/jpeg/webp only"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string ProxyUrl::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

std::string ProxyUrl::identity() const {
  std::string text = project + "\n" + source_url;
  for (const char* name : {"motion", "mode", "dur", "prompt", "seed", "idem", "aspect"}) {
    text += "\n" + parameter(name);
  }
  return text;
}

std::chrono::milliseconds ProxyUrl::wait() const {
  return std::chrono::milliseconds(read_integer(parameter("wait_ms")).value_or(0));
}

std::variant<ProxyUrl, UrlFault> read_proxy_url(std::string_view target, const Signing& signing,
                                                base::WallTime now) {
  const UrlFault not_found{404, "not found"};
  const std::string_view path = target.substr(0, target.find('?'));
  if (path.size() > kMaxPathBytes) return UrlFault{400, "path too long"};
  std::string_view rest = path;
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return not_found;
  ProxyUrl url;
  url.project = rest.substr(0, slash);
  rest.remove_prefix(slash + 1);
  url.is_video = rest.ends_with(".mp4");
  if (rest.size() <= kFormatBytes || (!url.is_video && !rest.ends_with(".jpg"))) return not_found;
  rest.remove_suffix(kFormatBytes);
  if (!url.project.starts_with("pk_")) return UrlFault{403, "unknown project key"};

  url.parameters = read_query(target.substr(std::min(target.size(), path.size() + 1)));
  auto fault = url.project.starts_with(signing.projects)
                   ? read_signed_source(url, rest, signing.secret, now)
                   : read_plain_source(url, rest);
  if (!fault && url.source_url.size() > kMaxSourceBytes) fault = {400, "source url too long"};
  if (!fault) fault = check_parameters(url);
  if (!fault) fault = check_kind(url.source_url);
  if (fault) return *std::move(fault);
  return url;
}

}  // namespace motion_mcp::sandbox
