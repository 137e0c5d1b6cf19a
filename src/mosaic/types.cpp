#include "mosaic/types.h"

#include <array>
#include <utility>

#include "net/json_answer.h"

namespace motion_mcp::mosaic {
namespace {

using net::member;
using net::text_at;
using OptionalText = std::optional<std::string>;

// The name of the new node within one update (docs.mosaic.so/api/agents/post-agent-update).
constexpr const char* kTempRef = "clip";

// [guess] The pages name the lists of runs and nodes without showing an answer: their members are
// the ones that the pages' other answers use.
constexpr std::array kRunListKeys = {"runs", "agent_runs", "data", "items"};
constexpr std::array kRunIdKeys = {"run_id", "id", "agent_run_id"};
constexpr std::array kCursorKeys = {"next_cursor", "cursor"};
constexpr std::array kNodeListKeys = {"nodes", "agent_nodes"};
constexpr std::array kNodeIdKeys = {"agent_node_id", "id", "node_id"};
constexpr const char* kNodeTypeKey = "node_type_id";

OptionalText non_empty_at(const Json& object, const char* key) {
  const std::string_view text = text_at(object, key);
  return text.empty() ? std::nullopt : OptionalText(text);
}

// The first of these members that is a text and not empty.
template <std::size_t N>
std::string first_text(const Json& object, const std::array<const char*, N>& keys) {
  for (const char* key : keys) {
    if (const auto text = non_empty_at(object, key)) return *text;
  }
  return {};
}

// The list itself, or the first of these members that is one; nullptr when there is none.
template <std::size_t N>
const Json* find_list(const Json& body, const std::array<const char*, N>& keys) {
  if (body.is_array()) return &body;
  for (const char* key : keys) {
    const Json* list = member(body, key);
    if (list != nullptr && list->is_array()) return list;
  }
  return nullptr;
}

std::string text_of_error(const Json& error) {
  if (error.is_string()) return error.get<std::string>();
  const std::string text =
      first_text(error, std::array<const char*, 3>{"message", "error", "detail"});
  return text.empty() ? error.dump(-1, ' ', false, Json::error_handler_t::replace) : text;
}

std::vector<std::string> errors_from_json(const Json& body) {
  std::vector<std::string> errors;
  const Json* list = member(body, "errors");
  if (list == nullptr || !list->is_array()) return errors;
  for (const Json& error : *list) {
    if (!error.is_null()) errors.push_back(text_of_error(error));
  }
  return errors;
}

std::vector<RunOutput> outputs_from_json(const Json& body) {
  std::vector<RunOutput> outputs;
  const Json* list = member(body, "outputs");
  if (list == nullptr || !list->is_array()) return outputs;
  for (const Json& output : *list) {
    if (!output.is_object()) continue;
    outputs.push_back({std::string(text_at(output, "id")), non_empty_at(output, "video_url"),
                       non_empty_at(output, "thumbnail_url"),
                       non_empty_at(output, "completed_at")});
  }
  return outputs;
}

std::vector<std::string> texts_at(const Json& object, const char* key) {
  std::vector<std::string> texts;
  const Json* list = member(object, key);
  if (list == nullptr || !list->is_array()) return texts;
  for (const Json& item : *list) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

void read_text(const Json& object, const char* key, std::string& text) {
  if (const auto given = non_empty_at(object, key)) text = *given;
}

Error missing(const char* what) {
  return {ErrorKind::bad_response, std::string("the answer of Mosaic has no ") + what};
}

Result<std::string> id_at(const Json& body, const char* key) {
  std::string id(text_at(body, key));
  if (id.empty()) return missing(key);
  return id;
}

}  // namespace

ClipParams params_from_json(const Json& arguments) {
  ClipParams params;
  params.prompt = std::string(text_at(arguments, "prompt"));
  read_text(arguments, "model", params.model);
  read_text(arguments, "resolution", params.resolution);
  read_text(arguments, "duration", params.duration);
  read_text(arguments, "aspect_ratio", params.aspect_ratio);
  if (const Json* audio = member(arguments, "generate_audio");
      audio != nullptr && audio->is_boolean()) {
    params.generate_audio = audio->get<bool>();
  }
  if (const Json* context = member(arguments, "selected_context")) {
    params.selected_context = {texts_at(*context, "images"), texts_at(*context, "videos"),
                               texts_at(*context, "audio")};
  }
  return params;
}

Json to_json(const ClipParams& params) {
  const SelectedContext& context = params.selected_context;
  return {{"prompt", params.prompt},
          {"model", params.model},
          {"resolution", params.resolution},
          {"duration", params.duration},
          {"aspect_ratio", params.aspect_ratio},
          {"generate_audio", params.generate_audio},
          {"selected_context",
           {{"images", context.images}, {"videos", context.videos}, {"audio", context.audio}}}};
}

Json to_json(const AgentSpec& spec) {
  return {{"name", spec.name}, {"visibility", spec.visibility}};
}

Json to_json(const RunSpec& spec) {
  Json body = Json::object();
  if (!spec.callback_url.empty()) body["callback_url"] = spec.callback_url;
  if (!spec.node_id.empty()) body["update_params"] = {{spec.node_id, to_json(spec.params)}};
  return body;
}

Json add_node_body(const ClipParams& params) {
  Json operation = {{"op", "create_node"},
                    {"node_type_id", kVideoGenerationNode},
                    {"temp_ref_id", kTempRef},
                    {"params_used", to_json(params)}};
  return {{"operations", Json::array({std::move(operation)})}};
}

Result<std::string> agent_id_from_json(const Json& body) {
  return id_at(body, "agent_id");
}

Result<std::string> run_id_from_json(const Json& body) {
  return id_at(body, "run_id");
}

Result<Run> run_from_json(const Json& body, std::string_view run_id) {
  Run run;
  run.run_id = run_id;
  run.status = TRY(id_at(body, "status"));
  run.agent_id = std::string(text_at(body, "agent_id"));
  run.started_at = non_empty_at(body, "started_at");
  run.status_message = non_empty_at(body, "status_message");
  const Json* needs_credits = member(body, "needs_credits");
  run.needs_credits = needs_credits != nullptr && *needs_credits == true;
  run.errors = errors_from_json(body);
  if (const Json* counts = member(body, "node_status_counts");
      counts != nullptr && counts->is_object()) {
    run.node_status_counts = *counts;
  }
  run.outputs = outputs_from_json(body);
  return run;
}

Result<RunPage> run_page_from_json(const Json& body) {
  const Json* list = find_list(body, kRunListKeys);
  if (list == nullptr) return missing("list of runs");
  RunPage page;
  for (const Json& run : *list) {
    std::string id = run.is_string() ? run.get<std::string>() : first_text(run, kRunIdKeys);
    // A run that cannot be told from others would make the list say too little.
    if (id.empty()) return missing("run_id");
    page.run_ids.push_back(std::move(id));
  }
  page.next_cursor = first_text(body, kCursorKeys);
  return page;
}

Result<std::vector<AgentNode>> nodes_from_json(const Json& body) {
  const Json* agent = member(body, "agent");
  const Json& holder = agent != nullptr && agent->is_object() ? *agent : body;
  const Json* list = find_list(holder, kNodeListKeys);
  if (list == nullptr) return missing("list of nodes");
  std::vector<AgentNode> nodes;
  for (const Json& node : *list) {
    nodes.push_back({first_text(node, kNodeIdKeys), std::string(text_at(node, kNodeTypeKey))});
    if (nodes.back().node_id.empty()) return missing("node's id");
  }
  return nodes;
}

Cancelled cancelled_from_json(const Json& body) {
  return {net::number_at(body, "tasks_cancelled"), net::number_at(body, "nodes_reset"),
          non_empty_at(body, "message")};
}

std::string added_node_from_json(const Json& body) {
  // [guess] "created_nodes mapping temp_ref_id -> agent_node_id": an object, or a list of pairs.
  const Json* created = member(body, "created_nodes");
  if (created == nullptr) return {};
  if (created->is_object()) return std::string(text_at(*created, kTempRef));
  if (!created->is_array()) return {};
  for (const Json& node : *created) {
    const std::string_view reference = text_at(node, "temp_ref_id");
    const bool is_ours = reference == kTempRef || (reference.empty() && created->size() == 1);
    if (is_ours) return first_text(node, kNodeIdKeys);
  }
  return {};
}

}  // namespace motion_mcp::mosaic
