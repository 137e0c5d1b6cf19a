#pragma once

// The whole sandbox without sockets: the Motion API, the host of its files, and the ledger.

#include <string>
#include <string_view>

#include "base/clock.h"
#include "sandbox/http.h"
#include "sandbox/motion_api.h"
#include "sandbox/signed_link.h"

namespace motion_mcp::sandbox {

// Thread-safe.
//
//   /api/motion/sessions...              the vendor's API
//   /_sandbox/videos/{job}/{run}.mp4     the files, by signed link only: a request with an
//                                        Authorization header is a 400
//   /_sandbox/ledger                     what was charged (charges.h); needs no key
class Sandbox {
 public:
  // `clock` must outlive the object. `speed` is vendor time per time of the clock, above 0: at 1 a
  // job takes ten minutes. `origin`, such as "http://127.0.0.1:8080", stands in links for requests
  // whose Host header is missing or malformed; the others get links to the host they named.
  Sandbox(const base::Clock& clock, double speed, std::string origin);

  Reply handle(const Request& request);

 private:
  [[nodiscard]] std::string file_link(const Request& request, std::string_view job_id,
                                      std::size_t run, base::WallTime now) const;
  [[nodiscard]] Reply file(const Request& request) const;

  const base::Clock& clock_;
  const std::string origin_;
  const SignedLinks links_;
  MotionApi motion_;
};

}  // namespace motion_mcp::sandbox
