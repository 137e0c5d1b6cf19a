#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "app/local_file.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http_client.h"

namespace motion_mcp::app {

// Told how many bytes of the current attempt have arrived.
using DownloadProgress = std::function<void(std::uint64_t bytes)>;

// Fetches the MP4 at `url` into `file`, which it commits, and returns its size in bytes. The
// request carries no credential: the file host is not the service. Three attempts in all; each has
// 15 minutes. What does not begin like an MP4 (ISO/IEC 14496-12 section 4.3: a `ftyp` box) is
// refused.
//
// Errors: unreachable, interrupted or unavailable when the host could not be reached, cut the body
// or is troubled; not_found when the link is dead (it lives about an hour); bad_response for what
// is no MP4; invalid_argument when the disk refuses; cancelled on `stop`. All are free to repeat.
Result<std::uint64_t> download_video(net::HttpClient& http, const base::Clock& clock,
                                     const std::string& url, OutputFile& file,
                                     const std::stop_token& stop,
                                     const DownloadProgress& on_progress = {});

}  // namespace motion_mcp::app
