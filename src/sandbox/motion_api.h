#pragma once

// The Mosaic Motion API (seeds 000, 001 and 002) without sockets: what it answers, when, and what
// it charges. Where the vendor's pages are silent, the .cpp says what was chosen.

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/json.h"
#include "sandbox/charges.h"
#include "sandbox/http.h"
#include "sandbox/job.h"
#include "sandbox/reads.h"

namespace motion_mcp::sandbox {

class MotionApi {
 public:
  // Makes the link to a run's file that is handed out now, in answer to that request.
  using FileLink = std::function<std::string(const Request&, std::string_view job_id,
                                             std::size_t run, base::WallTime now)>;

  // `clock` must outlive the object. `speed` is vendor time per time of the clock, above 0.
  MotionApi(const base::Clock& clock, double speed, FileLink file_link);

  // Answers a request whose path begins with kPath. Thread-safe, as everything here.
  Reply handle(const Request& request);
  static constexpr std::string_view kPath = "/api/motion/";

  [[nodiscard]] Json ledger() const;
  [[nodiscard]] Json reads() const;

  // The bytes of a run's file; empty when there is no such run.
  [[nodiscard]] std::string_view file(std::string_view job_id, std::size_t run) const;

 private:
  Reply create(const Request& request, const std::string& owner);
  Reply follow_up(const Request& request, const std::string& owner, std::string_view job_id);
  Reply status(const Request& request, const std::string& owner, std::string_view job_id);

  // The refusal that the case asks for, or nullopt when the run is to start.
  std::optional<Reply> refuse(Case chosen, const std::string& owner, const std::string& target,
                              const std::string& prompt);
  Reply start(Job& job, Case chosen, const Json& brief, ChargeKind kind);
  Job* find(const std::string& owner, std::string_view job_id);
  [[nodiscard]] Now now() const;

  const base::Clock& clock_;
  const double speed_;
  const FileLink file_link_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Job> jobs_;  // by id
  Charges charges_;
  Reads reads_;
  std::set<std::string> rate_limited_;  // what was refused once and is accepted next
};

}  // namespace motion_mcp::sandbox
