#pragma once

// URLs of the Motioness proxy: what they are made of, how they are signed and taken apart. Pure.
// Sources: seed 003; docs.motioness.com guides/signed-urls, concepts/allowlist-vs-signed,
// reference/query-params and reference/limits.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace motion_mcp::motioness {

inline constexpr std::size_t kMaxSourceUrlBytes = 2048;
inline constexpr std::size_t kMaxPathBytes = 4096;
// Seed 003 reads "0..100000", a table cell run together with its neighbour's 0; the vendor's own
// page says 0..10000.
inline constexpr std::chrono::milliseconds kMaxWait{10'000};

enum class Format { mp4, jpg };

struct Project {
  std::string base_url;  // without a slash at its end
  std::string key;       // pk_...
  // Empty for a project that allows origins instead. Never leaves this machine.
  std::string signing_secret = {};
};

// What an asset is made from: the same of all of these is the same asset, which is paid for once.
// What is not given follows the project. `idem` is the opposite of an idempotency key: another one
// makes another asset.
struct AssetSpec {
  std::string source_url;
  std::optional<std::string> motion = {};
  std::optional<std::string> mode = {};
  std::optional<std::int64_t> dur = {};  // seconds
  std::optional<std::string> prompt = {};
  std::optional<std::int64_t> seed = {};
  std::optional<std::string> aspect = {};
  std::optional<std::string> idem = {};
};

// A URL of the proxy, taken apart or put together.
struct Link {
  // The last path segments without the format, as they are written: the source in one of its forms.
  std::string source;
  Format format = Format::mp4;
  // In the order of the URL, decoded. Without wait_ms, which is of a request and not of the asset.
  std::vector<std::pair<std::string, std::string>> parameters;
  // Of a signed one; none for a time later than clocks tell (base::to_wall_time).
  std::optional<base::WallTime> expires_at = {};
};

// invalid_argument when the source cannot be told to the proxy: no absolute http(s) URL, plain http
// to a project that allows origins (its URLs leave the scheme out), or too long. `expires_at`
// counts for signed projects alone, in whole seconds.
Result<Link> make_link(const Project& project, const AssetSpec& spec, Format format,
                       base::WallTime expires_at);

// `url` must be one of this project. invalid_argument, which repeats neither query nor path,
// otherwise.
Result<Link> parse_link(const Project& project, std::string_view url);

// The URL of the link, of its own format or another: a signature covers neither format nor wait.
std::string to_url(const Project& project, const Link& link);
std::string to_url(const Project& project, const Link& link, Format format,
                   std::optional<std::chrono::milliseconds> wait);

// What tells assets apart, for a digest: the same for the MP4 and the poster, before and after the
// signature was renewed.
std::string asset_identity(const Link& link);

// Whether the source has a query, which allowlist URLs carry in a way that no page documents.
bool has_query(std::string_view source_url);

}  // namespace motion_mcp::motioness
