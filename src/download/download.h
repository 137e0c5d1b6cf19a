#pragma once

// A finished video from the host of its file to a file of the user's.

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "download/part_file.h"
#include "net/http_client.h"

namespace motion_mcp::download {

inline constexpr std::uint64_t kDefaultMaxBytes = std::uint64_t{2} * 1024 * 1024 * 1024;

// For all of a download, its repeats and their pauses: half of what a link lives.
inline constexpr std::chrono::minutes kDeadline{30};
// A body that brings less than kStallBytes in kStallTime is given up and asked for anew. One that
// brings nothing at all ends by the client's own limit.
inline constexpr std::chrono::seconds kStallTime{30};
inline constexpr std::uint64_t kStallBytes = std::uint64_t{32} * 1024;
// A host that wants more patience (Retry-After) gets its next request from the next call.
inline constexpr std::chrono::seconds kLongestPause{30};
// How often in a row a request may fail that brought less than kGoodBytes.
inline constexpr int kMaxFailures = 5;
inline constexpr std::uint64_t kGoodBytes = std::uint64_t{1024} * 1024;
inline constexpr int kMaxRedirects = 3;
inline constexpr int kMaxRenewals = 2;

struct Video {
  std::string link;
  // Gives a fresh link when the host refuses that one as dead; its error ends the download.
  std::function<Result<std::string>()> renew_link;
  std::uint64_t max_bytes = kDefaultMaxBytes;
  // Told how many bytes of the file are here, and how many it has when that is known.
  std::function<void(std::uint64_t bytes, std::optional<std::uint64_t> total)> on_progress = {};
};

struct Saved {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::uint64_t resumed_from = 0;  // bytes that an earlier download had brought
  bool was_there = false;          // PartFile::Committed
};

// Fetches the video into `part`, which it commits. No request carries a credential: the file host
// is not the service.
//
// A part of the same file that is there, from an earlier call or an earlier request of this one, is
// gone on with (Range, If-Range: RFC 9110 section 14.2) when the host named a strong validator.
// Else, and when the host sends the whole anyway, it begins anew. The length must be what the host
// said, and the first box of the file `ftyp` (ISO/IEC 14496-12 section 4.3).
//
// Errors, all free to repeat; those that a repeat may mend leave the part for it:
//   unreachable, interrupted, unavailable   the host could not be reached, cut the body, is
//   troubled cancelled         on `stop` not_found         the link is dead, and so were fresh ones
//   bad_response      what came is no MP4, or not what was announced; nothing is left of it
//   invalid_argument  larger than max_bytes; or the disk refuses
// and those of renew_link.
Result<Saved> download_video(net::HttpClient& http, const base::Clock& clock, const Video& video,
                             PartFile part, const std::stop_token& stop);

}  // namespace motion_mcp::download
