#pragma once

// The whole sandbox without sockets: the APIs, the host of their files, and what was charged.

#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "sandbox/http.h"
#include "sandbox/mosaic_api.h"
#include "sandbox/motion_api.h"
#include "sandbox/motioness_api.h"
#include "sandbox/signed_link.h"
#include "sandbox/webhooks.h"

namespace motion_mcp::sandbox {

// Thread-safe.
//
//   /api/motion/sessions...              the vendor's API
//   /_sandbox/videos/{job}/{run}.mp4     the files, by signed link only: a request with an
//                                        Authorization header is a 400
//   /motioness/v1/...                    the Motioness proxy
//   /_sandbox/ledger                     what was charged (charges.h); needs no key
//   /mosaic/...                          the Mosaic API
//   /_sandbox/clips/{run}.mp4            its clips, by links that live seven days
//   /_sandbox/mosaic                     what was asked of it and charged; needs no key
//   /_sandbox/motioness                  what was generated (motioness_api.h), likewise
class Sandbox {
 public:
  // `clock` must outlive the object. `speed` is vendor time per time of the clock, above 0: at 1 a
  // job takes ten minutes. `origin`, such as "http://127.0.0.1:8080", stands in links for requests
  // whose Host header is missing or malformed; the others get links to the host they named.
  Sandbox(const base::Clock& clock, double speed, std::string origin);

  // Blocks only where the service itself holds a request, until `stop` at most.
  Reply handle(const Request& request, const std::stop_token& stop = {});

 private:
  [[nodiscard]] std::string file_link(const Request& request, std::string_view job_id,
                                      std::size_t run, base::WallTime now) const;
  [[nodiscard]] std::string clip_link(const Request& request, std::string_view run_id,
                                      base::WallTime now) const;
  [[nodiscard]] std::string origin_of(const Request& request) const;
  [[nodiscard]] Reply video(const Request& request) const;
  [[nodiscard]] Reply clip(const Request& request) const;

  const base::Clock& clock_;
  const std::string origin_;
  const SignedLinks links_;
  const SignedLinks clip_links_;
  MotionApi motion_;
  MosaicApi mosaic_;
  MotionessApi motioness_;
  Webhooks webhooks_;  // gone before what they tell of
};

}  // namespace motion_mcp::sandbox
