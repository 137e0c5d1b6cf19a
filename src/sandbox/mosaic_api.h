#pragma once

// The part of the Mosaic API that makes clips (seed 004, docs.mosaic.so) without sockets: agents
// with nodes, their runs, and what those cost. Where the vendor's pages are silent, the .cpp says
// what was chosen.

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/json_value.h"
#include "sandbox/http.h"
#include "sandbox/mosaic_run.h"

namespace motion_mcp::sandbox {

class MosaicApi {
 public:
  // Makes the link to a run's clip that is handed out now, in answer to that request.
  using FileLink =
      std::function<std::string(const Request&, std::string_view run_id, base::WallTime now)>;
  // Has the body delivered at that time, unless it is none by then.
  using Notify = std::function<void(base::SteadyTime, std::string url,
                                    std::function<std::optional<Json>()> body)>;

  // `clock` must outlive the object. `speed` is vendor time per time of the clock, above 0. What
  // `notify` keeps must be gone before the object is.
  MosaicApi(const base::Clock& clock, double speed, FileLink file_link, Notify notify);

  // Answers a request whose path begins with kPath. Thread-safe, as everything here.
  Reply handle(const Request& request);
  static constexpr std::string_view kPath = "/mosaic/";

  // What was asked for and what was charged: {"runs": [...], "totals": {...}}.
  [[nodiscard]] Json ledger() const;

  // The bytes of a run's clip; empty when there is no such run.
  [[nodiscard]] std::string_view file(std::string_view run_id) const;

 private:
  struct Agent {
    std::string id;
    std::string owner;
    std::string name;
    std::string visibility;
    std::vector<MosaicNode> nodes;
  };

  Reply route(const Request& request, const std::string& owner, std::string_view path);
  Reply create(const std::string& owner, const Json& body);
  Reply update(Agent& agent, const Json& body);
  Reply run(Agent& agent, const Json& body);
  Reply runs(const Request& request, const Agent& agent) const;
  Reply status(const Request& request, const MosaicRun& run) const;
  Reply cancel(MosaicRun& run);
  Reply resume(MosaicRun& run);
  void announce(const MosaicRun& run, std::string_view flag, base::SteadyTime at);

  Agent* find_agent(const std::string& owner, std::string_view id);
  MosaicRun* find_run(const std::string& owner, std::string_view id);

  const base::Clock& clock_;
  const double speed_;
  const FileLink file_link_;
  const Notify notify_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Agent> agents_;  // by id
  std::unordered_map<std::string, MosaicRun> runs_;
  std::vector<std::string> run_order_;          // ids, oldest first
  std::map<std::string, std::size_t> refused_;  // how often a prompt of rate-limit was refused
  std::size_t posts_ = 0;                       // to /run, refused ones included
};

}  // namespace motion_mcp::sandbox
