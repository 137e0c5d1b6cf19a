#pragma once

// Starting a clip at Mosaic: an agent, its Video Generation node, a run (seed 004, "API Usage").
// Only the run costs something. Each step that was done is remembered, and the next start goes on
// from there; a run whose start got no answer is looked for among the agent's runs before another
// is started.

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/agent_book.h"
#include "jobs/ledger.h"
#include "jobs/one_at_a_time.h"
#include "jobs/order.h"
#include "jobs/spend_guard.h"
#include "mosaic/client.h"

namespace motion_mcp::jobs {

// A start whose POST got no answer shows in the list of runs within this time of when it was
// written down, or was not taken. [guess]: the vendor's pages do not say; it is longer than the
// POST may take (mosaic::Client::Options::run_deadline) by 15 s.
inline constexpr std::chrono::seconds kRunShowsWithin{60};

// An agent with more runs than this is put aside for a new one, so that a look at its runs stays
// one request.
inline constexpr std::size_t kMostRunsOfAnAgent = mosaic::Client::kRunsPerPage - 10;

struct ClipOrder {
  std::string agent_id;  // to be used; empty for one of this server's
  mosaic::AgentSpec agent;
  mosaic::ClipParams params;
  std::string callback_url;  // empty: none
};

// What starts of clips share. Thread-safe; all referred to must outlive it.
struct ClipServices {
  const mosaic::Client& mosaic;
  AgentBook& agents;
  Ledger& ledger;
  const base::Clock& clock;
  OneAtATime& turns;  // by agent: what a list shows anew can be told apart only so
};

// What a start leaves in PaidOrder::trace.
struct ClipTrace {
  std::string agent_id;
  std::string node_id;                  // empty when the service did not name it
  std::string label;                    // of the agent in the book
  std::vector<std::string> known_runs;  // of the agent, before
};
std::string to_text(const ClipTrace& trace);
// All empty when the text is none of to_text.
ClipTrace clip_trace_from(const std::string& text);

// One start, for the functions of a PaidOrder. One thread at a time. The turn of the agent is had
// from prepare() to the end of the object.
class ClipStart {
 public:
  // `stop` and `ending` as in mosaic::Client::start_run: a start that was sent is seen through, and
  // looked for, although nobody waits for it any more.
  ClipStart(const ClipServices& services, std::string_view api_key, const ClipOrder& order,
            std::stop_token stop, std::stop_token ending = {});

  // Finds or makes the agent and its node and writes `order.trace`. Nothing is spent; an error says
  // what exists already.
  Result<void> prepare(NewOrder& order);
  Result<motion::Started> send();
  Result<Reconciled> reconcile(const std::string& trace, std::chrono::seconds age);

 private:
  struct Agent {
    KnownAgent known;
    bool is_new = false;      // made by this start: it has no runs
    bool has_params = false;  // its node was made for this clip
  };

  Result<Agent> find_or_make_agent();
  // From here on nobody else in this process starts a run on the agent. False when one of its
  // starts is in doubt, so that a run found later could be of either.
  Result<bool> take_agent();
  std::vector<PriorOrder> starts_in_doubt(const std::string& agent_id);
  Result<Agent> make_agent();
  Result<Agent> given_agent();
  // The Video Generation nodes of the agent that the caller named.
  Result<std::vector<std::string>> generating_nodes();
  Result<void> add_node(Agent& agent);
  void keep(const Agent& agent);
  Result<std::vector<std::string>> runs_of(const Agent& agent);
  // Of `runs`, those that neither were there before nor were started by another order.
  std::vector<std::string> unknown_of(std::vector<std::string> runs, const ClipTrace& trace);
  [[nodiscard]] std::string exists(const Agent& agent) const;

  const ClipServices services_;
  const std::string api_key_;
  const std::string owner_;
  const ClipOrder order_;
  const std::string label_;
  const std::stop_token stop_;
  const std::stop_token ending_;
  bool is_sent_ = false;
  OneAtATime::Turn turn_;  // of the label
  OneAtATime::Turn agent_turn_;
  Agent agent_;
};

}  // namespace motion_mcp::jobs
