#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "mosaic/errors.h"
#include "mosaic/key.h"
#include "mosaic/types.h"
#include "net/http_client.h"

namespace motion_mcp::mosaic {

// What this program asks of the Mosaic API. Thread-safe; `http` and `clock` must outlive it.
//
// Every error says what happened in the vendor's terms, whether money was spent and what to do, in
// words meant for an agent (errors.h). Text of the service is quoted, bounded and never HTML.
//
// A POST is sent at most once unless it certainly was not taken, as in motion/client.h; a GET is
// repeated as there. A POST whose outcome is unknown is outcome_unknown, or `cancelled` when `stop`
// ended it; for start_run alone that may have cost something (Spent::unknown). Its `stop` ends only
// what goes before the POST, which is seen through unless `ending` breaks it off, as there.
//
// A key that is none, or an id that cannot be one, fails before anything is sent.
class Client {
 public:
  struct Options {
    std::string base_url{kDefaultBaseUrl};
    std::chrono::seconds get_deadline{25};
    // Of each request of generate_clip: the steps before the paid one add up.
    std::chrono::seconds step_deadline{15};
    std::chrono::seconds run_deadline{45};
  };

  Client(net::HttpClient& http, const base::Clock& clock, Options options);

  // POST /agent/create; the agent's id.
  Result<std::string> create_agent(std::string_view api_key, const AgentSpec& spec,
                                   const std::stop_token& stop) const;
  // POST /agent/{id}/update with a Video Generation node; the node's id, empty when the service did
  // not name it.
  Result<std::string> add_node(std::string_view api_key, std::string_view agent_id,
                               const ClipParams& params, const std::stop_token& stop) const;
  // GET /agent/{id}.
  Result<std::vector<AgentNode>> nodes(std::string_view api_key, std::string_view agent_id,
                                       const std::stop_token& stop) const;
  // GET /agent/{id}/runs, all pages; bad_response when there are more than kMaxRunPages.
  static constexpr int kRunsPerPage = 100;  // the most that the service grants
  static constexpr int kMaxRunPages = 5;
  Result<std::vector<std::string>> run_ids(std::string_view api_key, std::string_view agent_id,
                                           const std::stop_token& stop) const;
  // POST /agent/{id}/run; the run's id. Starts paid work.
  Result<std::string> start_run(std::string_view api_key, std::string_view agent_id,
                                const RunSpec& spec, const std::stop_token& stop,
                                const std::stop_token& ending = {}) const;

  // GET /agent_run/{id}.
  Result<Run> run(std::string_view api_key, std::string_view run_id,
                  const std::stop_token& stop) const;
  // The same with a single request, for who comes back anyway.
  Result<Run> run_once(std::string_view api_key, std::string_view run_id,
                       const std::stop_token& stop) const;
  // POST /agent_run/{id}/cancel.
  Result<Cancelled> cancel(std::string_view api_key, std::string_view run_id,
                           const std::stop_token& stop) const;
  // POST /agent_run/{id}/resume: re-queues what failed, and costs nothing by itself. conflict
  // unless the run failed or was cancelled.
  Result<void> resume(std::string_view api_key, std::string_view run_id,
                      const std::stop_token& stop) const;

  // GET /whoami and GET /credits, which are free; the answers as they are, for people to read.
  Result<Json> whoami(std::string_view api_key, const std::stop_token& stop) const;
  Result<Json> credits(std::string_view api_key, const std::stop_token& stop) const;

 private:
  struct Request;
  Result<Json> send(std::string_view api_key, const Request& request,
                    const std::stop_token& stop) const;
  // `abort` ends an attempt under way, `stop` what goes before one.
  Result<Json> send(std::string_view api_key, const Request& request, const std::stop_token& stop,
                    const std::stop_token& abort) const;
  Result<Run> read_run(std::string_view api_key, std::string_view run_id, int attempts,
                       const std::stop_token& stop) const;

  net::HttpClient& http_;
  const base::Clock& clock_;
  Options options_;
};

}  // namespace motion_mcp::mosaic
