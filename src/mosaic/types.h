#pragma once

// The part of the Mosaic API (https://docs.mosaic.so) that makes clips: an agent with one Video
// Generation node (seed 004), its runs and their outputs. Wire keys appear only in types.cpp. Where
// the vendor's pages do not show the shape of an answer, types.cpp says what is assumed.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace motion_mcp::mosaic {

// The Video Generation node (seed 004, "API Info").
inline constexpr std::string_view kVideoGenerationNode = "a2eb3ec2-da7a-4f97-94d2-a9a537548522";

// Ids of references that were uploaded to Mosaic (seed 004, "selected_context").
struct SelectedContext {
  std::vector<std::string> images;
  std::vector<std::string> videos;
  std::vector<std::string> audio;
};

// What a clip is made of (seed 004, "Node params"). Every field is always sent: a node that is used
// again keeps what it was told before. Text is valid UTF-8.
struct ClipParams {
  std::string prompt;
  std::string model = "seedance-2";
  std::string resolution = "720p";
  std::string duration = "auto";  // or whole seconds as text, "4" to "15"
  std::string aspect_ratio = "auto";
  bool generate_audio = true;
  SelectedContext selected_context;
};

// The body of POST /agent/create.
struct AgentSpec {
  std::string name;  // 1 to 120 characters
  std::string visibility = "private";
};

// A node of an agent.
struct AgentNode {
  std::string node_id;
  std::string node_type_id;
};

// The body of POST /agent/{id}/run.
struct RunSpec {
  // For a node that was made for another clip: what it is to make now (`update_params`).
  std::string node_id;  // empty: the node has its parameters already
  ClipParams params;
  std::string callback_url;  // empty: none
};

struct RunOutput {
  std::string id;
  std::optional<std::string> video_url;  // signed; lives seven days
  std::optional<std::string> thumbnail_url;
  std::optional<std::string> completed_at;
};

// GET /agent_run/{id}.
struct Run {
  std::string run_id;  // as it was asked for
  std::string agent_id;
  std::string status;  // the vendor's word, unknown ones included; never empty
  std::optional<std::string> started_at;
  std::optional<std::string> status_message;
  bool needs_credits = false;
  // The vendor's texts; of an object its `message`, `error` or `detail`, or else its JSON.
  // Unbounded and not ours: base/quote.h makes them fit to show.
  std::vector<std::string> errors;
  Json node_status_counts = Json::object();  // {completed, in_progress, failed}, untouched
  std::vector<RunOutput> outputs;
};

struct RunPage {
  std::vector<std::string> run_ids;
  std::string next_cursor;  // empty on the last page
};

// The answer to POST /agent_run/{id}/cancel.
struct Cancelled {
  std::optional<std::string> tasks_cancelled;  // numbers, as written
  std::optional<std::string> nodes_reset;
  std::optional<std::string> message;
};

// Reads the arguments of generate_clip, already valid against its schema.
ClipParams params_from_json(const Json& arguments);

Json to_json(const ClipParams& params);
Json to_json(const AgentSpec& spec);
Json to_json(const RunSpec& spec);
// The body of POST /agent/{id}/update that adds the node.
Json add_node_body(const ClipParams& params);

// Read a service answer. bad_response, without a next step, when a field that everything depends on
// is missing, empty or of another type. Any other field of another type counts as absent.
Result<std::string> agent_id_from_json(const Json& body);
Result<std::string> run_id_from_json(const Json& body);
Result<Run> run_from_json(const Json& body, std::string_view run_id);
Result<RunPage> run_page_from_json(const Json& body);
Result<std::vector<AgentNode>> nodes_from_json(const Json& body);
Cancelled cancelled_from_json(const Json& body);
// The id of the node that add_node_body asked for; empty when the answer does not name it.
std::string added_node_from_json(const Json& body);

}  // namespace motion_mcp::mosaic
