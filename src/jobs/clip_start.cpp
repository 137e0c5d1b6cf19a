#include "jobs/clip_start.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json_value.h"
#include "base/owner.h"
#include "net/ascii.h"
#include "net/json_answer.h"

namespace motion_mcp::jobs {
namespace {

using std::chrono::seconds;

// Before each look at the list right after a start: a run may take a moment to show.
constexpr std::array kLookAfter = {seconds(0), seconds(1), seconds(3)};

std::string label_of_named(const std::string& agent_id) {
  return "agent " + agent_id;
}

// Agents of this server's are told apart by what a caller may ask of them.
std::string label_of(const ClipOrder& order) {
  if (!order.agent_id.empty()) return label_of_named(order.agent_id);
  return order.agent.visibility + " " + order.agent.name;
}

// A request that nobody knows the outcome of: what it was to make is not used.
bool is_in_doubt(const Error& error) {
  return error.kind == ErrorKind::outcome_unknown || error.kind == ErrorKind::cancelled;
}

Error free_step_failed(Error error, const std::string& what_exists) {
  if (error.kind == ErrorKind::outcome_unknown) error.kind = ErrorKind::upstream_failure;
  error.message += "; no run was started";
  if (!what_exists.empty()) error.message += ", and " + what_exists;
  if (is_in_doubt(error) || error.kind == ErrorKind::upstream_failure) {
    error.next_step = "Call generate_clip again with the same arguments.";
  }
  return error;
}

Error not_known(std::string message, std::string next_step) {
  return {ErrorKind::outcome_unknown,
          "nothing was sent now, because whether the service took the same arguments before is not "
          "known: " +
              std::move(message),
          std::move(next_step), Spent::unknown};
}

Error not_shown_yet(seconds age) {
  const std::string wait = std::to_string(std::max(kRunShowsWithin - age, seconds(1)).count());
  return not_known("no new run shows in the agent's list yet",
                   "Call generate_clip again with the same arguments in " + wait +
                       " s: if the run has not come by then, it is started anew.");
}

// Another run on an agent that has one in doubt could not be told from it.
std::string order_again(const ClipTrace& start) {
  const bool is_named = start.label == label_of_named(start.agent_id);
  return std::string("call generate_clip again with allow_duplicate=true") +
         (is_named ? " and without agent_id." : ".");
}

Error several_runs(const std::vector<std::string>& run_ids, const ClipTrace& start) {
  std::string list;
  for (const std::string& id : run_ids) list += (list.empty() ? "" : ", ") + id;
  return not_known(
      "the agent has runs of which this server does not know whose they are: " + list,
      "Call get_clip_status with these; only if none is the clip, " + order_again(start));
}

Error agent_is_gone(const ClipTrace& start) {
  return not_known(
      "its agent " + start.agent_id + " is gone, so its runs cannot be looked up any more",
      "Look at https://mosaic.so whether credits were spent; only if not, or if the clip is to be "
      "made once more, " +
          order_again(start));
}

Error start_in_doubt(const std::string& agent_id) {
  return {
      ErrorKind::conflict,
      "agent " + agent_id +
          " has another start whose outcome is not known yet, and two at once could not be told "
          "apart; no run was started",
      "Call generate_clip with that clip's arguments first, which looks the outcome up, or "
      "leave agent_id out, so that another agent is used."};
}

// Whether the service refused what it was told of the node rather than of the clip. [guess]: no
// page of the vendor's says what such a refusal reads like.
bool is_about_node(const Error& error, const KnownAgent& agent) {
  const std::string text = net::to_lower(error.message);
  return text.find("update_params") != std::string::npos ||
         text.find("node") != std::string::npos ||
         (!agent.node_id.empty() && error.message.find(agent.node_id) != std::string::npos);
}

}  // namespace

std::string to_text(const ClipTrace& trace) {
  const Json json = {{"agent_id", trace.agent_id},
                     {"node_id", trace.node_id},
                     {"label", trace.label},
                     {"known_runs", trace.known_runs}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ClipTrace clip_trace_from(const std::string& text) {
  const Json json = net::parse_answer(text).value_or(Json());
  ClipTrace trace{std::string(net::text_at(json, "agent_id")),
                  std::string(net::text_at(json, "node_id")),
                  std::string(net::text_at(json, "label")),
                  {}};
  const Json* runs = net::member(json, "known_runs");
  if (runs == nullptr || !runs->is_array()) return trace;
  for (const Json& run : *runs) {
    if (run.is_string()) trace.known_runs.push_back(run.get<std::string>());
  }
  return trace;
}

ClipStart::ClipStart(const ClipServices& services, std::string_view api_key, const ClipOrder& order,
                     std::stop_token stop, std::stop_token ending)
    : services_(services),
      api_key_(api_key),
      owner_(base::owner_id(api_key)),
      order_(order),
      label_(label_of(order)),
      stop_(std::move(stop)),
      ending_(std::move(ending)) {}

std::string ClipStart::exists(const Agent& agent) const {
  if (agent.known.agent_id.empty()) return {};
  const bool has_node = agent.has_params || !agent.known.node_id.empty();
  return "agent " + agent.known.agent_id + (has_node ? " and its node exist" : " exists") +
         ", so the next call goes on from there";
}

Result<void> ClipStart::prepare(NewOrder& order) {
  turn_ = services_.turns.wait_for_turn(owner_ + label_, stop_);
  if (!turn_.has_begun()) {
    return Error{ErrorKind::cancelled, "the call was cancelled before anything was sent"};
  }
  constexpr int kAttempts = 2;  // the second when the first's agent is gone, full or in doubt
  for (int attempt = 1;; ++attempt) {
    agent_ = TRY(find_or_make_agent());
    const bool is_free = TRY(take_agent());
    const bool is_ours = order_.agent_id.empty();
    if (!is_free && !is_ours) return start_in_doubt(agent_.known.agent_id);
    auto runs = runs_of(agent_);
    const bool is_gone = !runs && runs.error().kind == ErrorKind::not_found;
    const bool is_full = runs && runs->size() > kMostRunsOfAnAgent;
    if (is_ours && (is_gone || is_full || !is_free) && attempt < kAttempts) {
      services_.agents.forget(owner_, label_, agent_.known.agent_id);
      continue;
    }
    if (!runs) return free_step_failed(std::move(runs).error(), exists(agent_));
    order.trace = to_text({agent_.known.agent_id, agent_.known.node_id, label_, *std::move(runs)});
    return {};
  }
}

// Two labels can lead to one agent when a caller names it.
Result<bool> ClipStart::take_agent() {
  if (agent_.is_new) return true;
  agent_turn_ = OneAtATime::Turn();
  agent_turn_ = services_.turns.wait_for_turn(owner_ + "agent_id " + agent_.known.agent_id, stop_);
  if (!agent_turn_.has_begun()) {
    return Error{ErrorKind::cancelled, "the call was cancelled before anything was sent"};
  }
  const auto starts = starts_in_doubt(agent_.known.agent_id);
  return std::none_of(starts.begin(), starts.end(),
                      [](const PriorOrder& start) { return start.state == OrderState::uncertain; });
}

// None when the ledger cannot tell: it is not asked to work.
std::vector<PriorOrder> ClipStart::starts_in_doubt(const std::string& agent_id) {
  auto starts = services_.ledger.orders_in_doubt(owner_);
  if (!starts) return {};
  std::erase_if(*starts, [&](const PriorOrder& start) {
    return clip_trace_from(start.trace).agent_id != agent_id;
  });
  return *std::move(starts);
}

// The book has no agent while a node is added to it: another process, or the next after a crash,
// would add a second one, and every run from then on would pay for both.
Result<ClipStart::Agent> ClipStart::find_or_make_agent() {
  if (!order_.agent_id.empty()) return given_agent();
  const auto known = services_.agents.find(owner_, label_);
  if (!known) return make_agent();
  Agent agent;
  agent.known = *known;
  if (!known->node_id.empty()) return agent;
  if (!services_.agents.take(owner_, label_, known->agent_id)) return make_agent();
  auto added = add_node(agent);
  if (added) return agent;
  // It was deleted since it was remembered.
  if (added.error().kind == ErrorKind::not_found) return make_agent();
  return std::move(added).error();
}

Result<ClipStart::Agent> ClipStart::make_agent() {
  auto made = services_.mosaic.create_agent(api_key_, order_.agent, stop_);
  if (!made) return free_step_failed(std::move(made).error(), {});
  Agent agent;
  agent.known.agent_id = *std::move(made);
  agent.is_new = true;
  TRY(add_node(agent));
  return agent;
}

// An agent that the caller names may be one that nobody here knows: what it has is looked at, for a
// second node would make a second clip. Once more after a node was added: another process may have
// done so, too.
Result<ClipStart::Agent> ClipStart::given_agent() {
  Agent agent;
  agent.known.agent_id = order_.agent_id;
  const auto known = services_.agents.find(owner_, label_);
  if (known && !known->node_id.empty()) {
    agent.known = *known;
    return agent;
  }
  std::vector<std::string> generating = TRY(generating_nodes());
  if (generating.empty()) {
    TRY(add_node(agent));
    generating = TRY(generating_nodes());
  } else {
    agent.known.node_id = generating.front();
  }
  if (generating.size() > 1) {
    services_.agents.forget(owner_, label_, agent.known.agent_id);
    return Error{ErrorKind::conflict,
                 "the agent has " + std::to_string(generating.size()) +
                     " Video Generation nodes, and a run would pay for all of them",
                 "Leave agent_id out, so that an agent of its own is used."};
  }
  keep(agent);
  return agent;
}

Result<std::vector<std::string>> ClipStart::generating_nodes() {
  const auto nodes = services_.mosaic.nodes(api_key_, order_.agent_id, stop_);
  if (!nodes) return free_step_failed(nodes.error(), {});
  std::vector<std::string> generating;
  for (const mosaic::AgentNode& node : *nodes) {
    if (node.node_type_id == mosaic::kVideoGenerationNode) generating.push_back(node.node_id);
  }
  return generating;
}

Result<void> ClipStart::add_node(Agent& agent) {
  auto node = services_.mosaic.add_node(api_key_, agent.known.agent_id, order_.params, stop_);
  if (!node) {
    Error error = std::move(node).error();
    if (error.kind == ErrorKind::not_found && !agent.is_new) return error;
    const bool is_without = !is_in_doubt(error) && error.kind != ErrorKind::not_found;
    const bool is_kept = is_without && order_.agent_id.empty();
    if (is_kept) services_.agents.remember_again(owner_, label_, agent.known);
    return free_step_failed(std::move(error), is_kept ? exists(agent) : std::string());
  }
  agent.has_params = true;
  agent.known.node_id = *std::move(node);
  if (order_.agent_id.empty()) keep(agent);
  return {};
}

// A node without a name cannot be told what to make next.
void ClipStart::keep(const Agent& agent) {
  if (!agent.known.node_id.empty()) services_.agents.remember(owner_, label_, agent.known);
}

Result<std::vector<std::string>> ClipStart::runs_of(const Agent& agent) {
  if (agent.is_new) return std::vector<std::string>();
  return services_.mosaic.run_ids(api_key_, agent.known.agent_id, stop_);
}

Result<motion::Started> ClipStart::send() {
  const std::string& agent_id = agent_.known.agent_id;
  mosaic::RunSpec spec{{}, order_.params, order_.callback_url};
  if (!agent_.has_params) spec.node_id = agent_.known.node_id;
  is_sent_ = true;
  auto run_id = services_.mosaic.start_run(api_key_, agent_id, spec, stop_, ending_);
  if (run_id) return motion::Started{*std::move(run_id), "running", {}};

  Error error = std::move(run_id).error();
  const bool is_gone = error.kind == ErrorKind::not_found;
  const bool does_not_fit = is_gone || (error.kind == ErrorKind::invalid_argument &&
                                        !agent_.has_params && is_about_node(error, agent_.known));
  if (error.spent == Spent::unknown || does_not_fit) {
    // An agent has one start in doubt at most, so that a run found later is known for whose it is;
    // and one whose node takes no other parameters is of no use for the next clip.
    services_.agents.forget(owner_, label_, agent_id);
  }
  if (error.spent != Spent::no) return error;
  if (!does_not_fit) {
    error.message += "; " + exists(agent_);
  } else if (order_.agent_id.empty()) {
    error.message += "; agent " + agent_id + " is not used again";
    if (is_gone) error.next_step = "Call generate_clip again; it makes an agent anew.";
  }
  return error;
}

Result<Reconciled> ClipStart::reconcile(const std::string& trace, seconds age) {
  const std::stop_token& stop = is_sent_ ? ending_ : stop_;
  const ClipTrace start = clip_trace_from(trace);
  if (start.agent_id.empty()) {
    return not_known("nothing is known of the agent",
                     "Look at https://mosaic.so; only if the clip is not there, call generate_clip "
                     "again with allow_duplicate=true.");
  }
  for (const seconds pause : kLookAfter) {
    const bool is_late = age >= kRunShowsWithin;
    if (!services_.clock.sleep_until(services_.clock.now() + pause, stop)) break;
    auto listed = services_.mosaic.run_ids(api_key_, start.agent_id, stop);
    if (!listed && listed.error().kind == ErrorKind::not_found) return agent_is_gone(start);
    if (!listed) {
      return not_known(listed.error().message,
                       "Call generate_clip again with the same arguments in a minute.");
    }
    // In this order: another order whose run is in the list is in doubt now, or has its run known.
    const bool may_be_anothers = starts_in_doubt(start.agent_id).size() > 1;
    const std::vector<std::string> found = unknown_of(*std::move(listed), start);
    if (found.size() > 1 || (found.size() == 1 && may_be_anothers)) {
      return several_runs(found, start);
    }
    if ((found.size() == 1 || is_late) && !start.node_id.empty()) {
      services_.agents.remember_again(owner_, start.label, {start.agent_id, start.node_id});
    }
    if (found.size() == 1) return Reconciled{motion::Started{found.front(), "running", {}}};
    if (is_late) return Reconciled{std::nullopt};
  }
  return not_shown_yet(age);
}

std::vector<std::string> ClipStart::unknown_of(std::vector<std::string> runs,
                                               const ClipTrace& trace) {
  std::erase_if(runs, [&](const std::string& run_id) {
    const auto& before = trace.known_runs;
    if (std::find(before.begin(), before.end(), run_id) != before.end()) return true;
    const auto known = services_.ledger.has_job(owner_, run_id);
    return known && *known;
  });
  return runs;
}

}  // namespace motion_mcp::jobs
