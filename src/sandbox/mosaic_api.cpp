#include "sandbox/mosaic_api.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/owner.h"
#include "base/random.h"
#include "base/text.h"
#include "sandbox/clips.h"
#include "sandbox/mosaic_rules.h"

namespace motion_mcp::sandbox {
namespace {

constexpr std::string_view kKeyPrefix = "mk_";
constexpr std::size_t kShownPromptCodePoints = 80;
constexpr std::size_t kDefaultPage = 25;
constexpr std::size_t kMostOnPage = 100;

Reply not_found(const char* what) {
  return mosaic_error(404, "not_found", std::string(what) + " not found");
}

// The pages name the fields of /whoami and /credits; two of their generations differ in the first.
Reply whoami(const std::string& owner) {
  return json_reply(200, {{"organization_id", owner.substr(0, 32)},
                          {"organization_name", "Sandbox"},
                          {"organization_slug", "sandbox"},
                          {"created_at", "2026-01-01T00:00:00Z"},
                          {"last_used_at", nullptr}});
}

Reply credits(const std::string& owner) {
  return json_reply(200, {{"organization_id", owner.substr(0, 32)},
                          {"balance", 10000},
                          {"plan", "Sandbox"},
                          {"plan_id", "sandbox"},
                          {"billing_cycle", "monthly"},
                          {"auto_topup", false}});
}

// A list shows a number of a query; `fallback` when there is none, or none that fits.
std::size_t query_number(std::string_view target, std::string_view name, std::size_t fallback) {
  std::string_view query = target.substr(std::min(target.find('?'), target.size()));
  while (!query.empty()) {
    query.remove_prefix(1);  // '?' or '&'
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size());
    if (!pair.starts_with(name) || pair.size() <= name.size() || pair[name.size()] != '=') continue;
    std::size_t number = 0;
    const char* end = pair.data() + pair.size();
    const auto [at, error] = std::from_chars(pair.data() + name.size() + 1, end, number);
    if (error == std::errc() && at == end) return number;
  }
  return fallback;
}

// The clips have the shapes of Motion's videos: the nearest stands for one of Mosaic's.
std::string_view nearest_shape(std::string_view aspect_ratio) {
  if (aspect_ratio == "3:4") return "4:5";
  return aspect_ratio;
}

Json failure(std::string_view node_id) {
  return {{"node_id", node_id},
          {"error", "generation_failed"},
          {"message", "The model could not make this clip."}};
}

Json merged(Json params, const Json& changes) {
  params.update(changes);
  return params;
}

}  // namespace

MosaicApi::MosaicApi(const base::Clock& clock, double speed, FileLink file_link, Notify notify)
    : clock_(clock), speed_(speed), file_link_(std::move(file_link)), notify_(std::move(notify)) {}

Reply MosaicApi::handle(const Request& request) {
  const std::string key(bearer_key(request, kKeyPrefix));
  if (key.empty()) return mosaic_error(401, "invalid_api_key", "Invalid or missing API key");
  std::string_view path = std::string_view(request.target).substr(kPath.size());
  path = path.substr(0, path.find('?'));
  const std::scoped_lock lock(mutex_);
  return route(request, base::owner_id(key), path);
}

Reply MosaicApi::route(const Request& request, const std::string& owner, std::string_view path) {
  const bool is_post = request.method == "POST" || request.method == "PATCH";
  if (path == "whoami") return whoami(owner);
  if (path == "credits") return credits(owner);
  const std::optional<Json> body = is_post ? json_body(request) : Json::object();
  if (!body) return mosaic_error(400, "validation_error", "The body is not JSON");
  if (path == "agent/create") {
    return is_post ? create(owner, *body) : method_not_allowed("POST");
  }

  const auto take = [&path](std::string_view prefix) {
    path.remove_prefix(prefix.size());
    const std::string_view id = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), id.size() + 1));
    return id;
  };
  if (path.starts_with("agent/")) {
    Agent* agent = find_agent(owner, take("agent/"));
    if (path == "run") ++posts_;
    if (agent == nullptr) return not_found("Agent");
    if (path.empty() && !is_post) {
      Json nodes = Json::array();
      for (const MosaicNode& node : agent->nodes) {
        nodes.push_back({{"agent_node_id", node.id},
                         {"node_type_id", kMosaicVideoNode},
                         {"params_used", node.params}});
      }
      return json_reply(200, {{"agent_id", agent->id},
                              {"name", agent->name},
                              {"visibility", agent->visibility},
                              {"nodes", nodes},
                              {"connections", Json::array()}});
    }
    if (path == "update" && is_post) return update(*agent, *body);
    if (path == "run" && is_post) return run(*agent, *body);
    if (path == "runs" && !is_post) return runs(request, *agent);
  }
  if (path.starts_with("agent_run/")) {
    MosaicRun* found = find_run(owner, take("agent_run/"));
    if (found == nullptr) return not_found("Agent run");
    if (path.empty() && !is_post) return status(request, *found);
    if (path == "cancel" && is_post) return cancel(*found);
    if (path == "resume" && is_post) return resume(*found);
  }
  return mosaic_error(404, "not_found", "Not found");
}

Reply MosaicApi::create(const std::string& owner, const Json& body) {
  if (auto refusal = refuse_create(body)) return *std::move(refusal);
  Agent agent{base::random_uuid(), owner, body.at("name"), body.value("visibility", "private"), {}};
  const std::string id = agent.id;
  agents_.emplace(id, std::move(agent));
  return json_reply(200, {{"success", true},
                          {"agent_id", id},
                          {"operations_applied", 0},
                          {"created_nodes", Json::array()}});
}

Reply MosaicApi::update(Agent& agent, const Json& body) {
  if (auto refusal = refuse_update(body)) return *std::move(refusal);
  agent.name = body.value("name", agent.name);
  agent.visibility = body.value("visibility", agent.visibility);
  Json created = Json::array();
  const Json operations = body.value("operations", Json::array());
  for (const Json& operation : operations) {
    agent.nodes.push_back({base::random_uuid(), operation.value("params_used", Json::object())});
    Json node = {{"agent_node_id", agent.nodes.back().id}, {"node_type_id", kMosaicVideoNode}};
    if (operation.contains("temp_ref_id")) node["temp_ref_id"] = operation["temp_ref_id"];
    created.push_back(std::move(node));
  }
  return json_reply(200, {{"success", true},
                          {"agent_id", agent.id},
                          {"operations_applied", operations.size()},
                          {"created_nodes", std::move(created)}});
}

Reply MosaicApi::run(Agent& agent, const Json& body) {
  if (auto refusal = refuse_run(body)) return *std::move(refusal);
  if (agent.nodes.empty()) {
    return mosaic_error(400, "validation_error", "The agent has nothing to run");
  }
  const Json changes = body.value("update_params", Json::object());
  for (const auto& [node_id, params] : changes.items()) {
    const bool is_known =
        std::any_of(agent.nodes.begin(), agent.nodes.end(),
                    [&, &id = node_id](const auto& node) { return node.id == id; });
    if (!is_known) return not_found("Agent node");
  }
  MosaicRun made;
  made.id = base::random_uuid();
  made.agent_id = agent.id;
  made.owner = agent.owner;
  made.callback_url = body.value("callback_url", "");
  made.started_at = clock_.wall();
  made.begun = clock_.now();
  for (const MosaicNode& node : agent.nodes) {
    const Json params = merged(node.params, changes.value(node.id, Json::object()));
    if (made.node_ids.empty()) {
      made.prompt = params.value("prompt", "");
      made.aspect_ratio = params.value("aspect_ratio", "auto");
    }
    made.node_ids.push_back(node.id);
  }
  made.chosen = *mosaic_case_of(made.prompt);
  if (made.chosen == MosaicCase::no_credits) {
    return mosaic_error(403, "insufficient_credits", "The balance is too low for this run.");
  }
  if (made.chosen == MosaicCase::rate_limit && refused_[made.prompt]++ == 0) {
    Reply reply = mosaic_error(429, "rate_limit", "Too many requests.");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
  }
  Reply failed = mosaic_error(500, "internal_server_error", "Something went wrong.");
  if (made.chosen == MosaicCase::error_500) return failed;

  const MosaicRun& kept = runs_.emplace(made.id, std::move(made)).first->second;
  run_order_.push_back(kept.id);
  announce(kept, "RUN_STARTED", kept.begun);
  if (const auto end = end_of(kept, speed_)) announce(kept, "RUN_FINISHED", *end);
  if (kept.chosen == MosaicCase::charge_then_500) return failed;
  return json_reply(200, {{"run_id", kept.id}});
}

// Newest first. [guess]: the pages describe the parameters, not the answer.
Reply MosaicApi::runs(const Request& request, const Agent& agent) const {
  const std::size_t limit = query_number(request.target, "limit", kDefaultPage);
  if (limit < 1 || limit > kMostOnPage) {
    return mosaic_error(422, "parameter_out_of_range", "limit must be 1 to 100");
  }
  const std::size_t skipped = query_number(request.target, "cursor", 0);
  Json list = Json::array();
  std::size_t seen = 0;
  bool has_more = false;
  for (auto id = run_order_.rbegin(); id != run_order_.rend(); ++id) {
    const MosaicRun& run = runs_.at(*id);
    if (run.agent_id != agent.id || seen++ < skipped) continue;
    has_more = list.size() == limit;
    if (has_more) break;
    list.push_back({{"run_id", run.id},
                    {"status", state_of(run, clock_.now(), speed_).status},
                    {"started_at", base::to_rfc3339(run.started_at)}});
  }
  Json answer = {{"runs", std::move(list)}, {"next_cursor", nullptr}};
  if (has_more) answer["next_cursor"] = std::to_string(skipped + limit);
  return json_reply(200, answer);
}

Reply MosaicApi::status(const Request& request, const MosaicRun& run) const {
  const MosaicState state = state_of(run, clock_.now(), speed_);
  const std::size_t nodes = run.node_ids.size();
  Json outputs = Json::array();
  for (std::size_t i = 0; i < state.clips; ++i) {
    outputs.push_back({{"id", run.node_ids[i]},
                       {"video_url", file_link_(request, run.id, clock_.wall())},
                       {"thumbnail_url", nullptr},
                       {"premiere_prproj_url", nullptr},
                       {"completed_at", base::to_rfc3339(clock_.wall())},
                       {"original_node_id", run.node_ids[i]},
                       {"sources", Json::array()}});
  }
  const bool has_failed = state.status == "failed" || state.status == "partial_complete";
  Json errors = Json::array();
  if (has_failed) errors.push_back(failure(run.node_ids.back()));
  const std::size_t failed = has_failed ? std::max<std::size_t>(nodes - state.clips, 1) : 0;
  return json_reply(200, {{"agent_id", run.agent_id},
                          {"started_at", base::to_rfc3339(run.started_at)},
                          {"status", state.status},
                          {"status_message", nullptr},
                          {"needs_credits", state.needs_credits},
                          {"errors", std::move(errors)},
                          {"node_status_counts",
                           {{"completed", state.clips},
                            {"in_progress", state.is_over ? 0 : nodes},
                            {"failed", failed}}},
                          {"inputs", Json::array()},
                          {"outputs", std::move(outputs)}});
}

Reply MosaicApi::cancel(MosaicRun& run) {
  const MosaicState state = state_of(run, clock_.now(), speed_);
  if (state.is_over) {
    return mosaic_error(409, "conflict", "The run is already " + std::string(state.status) + ".");
  }
  run.is_cancelled = true;
  announce(run, "RUN_FINISHED", clock_.now());
  return json_reply(200, {{"success", true},
                          {"tasks_cancelled", run.node_ids.size()},
                          {"nodes_reset", run.node_ids.size()},
                          {"message", "Agent run cancelled"}});
}

Reply MosaicApi::resume(MosaicRun& run) {
  const MosaicState state = state_of(run, clock_.now(), speed_);
  if (state.status != "failed" && state.status != "cancelled") {
    return mosaic_error(409, "conflict",
                        "Only failed or cancelled runs can be resumed; this one is " +
                            std::string(state.status) + ".");
  }
  run.is_cancelled = false;
  ++run.attempt;
  run.begun = clock_.now();
  if (const auto end = end_of(run, speed_)) announce(run, "RUN_FINISHED", *end);
  return json_reply(200, {{"success", true}, {"run_id", run.id}});
}

// The body's shape is a [guess] beyond `flag`. What is due late is looked up when it is due: the
// run may have been cancelled or resumed meanwhile.
void MosaicApi::announce(const MosaicRun& run, std::string_view flag, base::SteadyTime at) {
  if (run.callback_url.empty()) return;
  const auto body = [this, id = run.id, attempt = run.attempt, was_cancelled = run.is_cancelled,
                     flag = std::string(flag)]() -> std::optional<Json> {
    const std::scoped_lock lock(mutex_);
    const MosaicRun& now = runs_.at(id);
    if (now.attempt != attempt || now.is_cancelled != was_cancelled) return std::nullopt;
    return Json{{"flag", flag},
                {"agent_id", now.agent_id},
                {"run_id", now.id},
                {"status", state_of(now, clock_.now(), speed_).status}};
  };
  notify_(at, run.callback_url, body);
}

Json MosaicApi::ledger() const {
  const std::scoped_lock lock(mutex_);
  Json runs = Json::array();
  std::size_t clips = 0;
  for (const std::string& id : run_order_) {
    const MosaicRun& run = runs_.at(id);
    clips += run.node_ids.size();
    runs.push_back({{"run_id", run.id},
                    {"agent_id", run.agent_id},
                    {"owner", run.owner},
                    {"prompt", base::clip(run.prompt, kShownPromptCodePoints)},
                    {"clips", run.node_ids.size()},
                    {"at", base::to_rfc3339(run.started_at)}});
  }
  std::size_t nodes = 0;
  for (const auto& [id, agent] : agents_) nodes += agent.nodes.size();
  return {{"runs", std::move(runs)},
          {"totals",
           {{"posts", posts_},
            {"runs", run_order_.size()},
            {"clips", clips},
            {"agents", agents_.size()},
            {"nodes", nodes}}}};
}

std::string_view MosaicApi::file(std::string_view run_id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = runs_.find(std::string(run_id));
  return found == runs_.end() ? std::string_view()
                              : clip(nearest_shape(found->second.aspect_ratio), 1);
}

MosaicApi::Agent* MosaicApi::find_agent(const std::string& owner, std::string_view id) {
  const auto found = agents_.find(std::string(id));
  return found == agents_.end() || found->second.owner != owner ? nullptr : &found->second;
}

MosaicRun* MosaicApi::find_run(const std::string& owner, std::string_view id) {
  const auto found = runs_.find(std::string(id));
  return found == runs_.end() || found->second.owner != owner ? nullptr : &found->second;
}

}  // namespace motion_mcp::sandbox
