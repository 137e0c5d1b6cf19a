#include "sandbox/mosaic_rules.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "sandbox/mosaic_run.h"
#include "sandbox/url.h"

namespace motion_mcp::sandbox {
namespace {

constexpr std::size_t kMaxNameBytes = 120;
constexpr std::size_t kMaxDescriptionBytes = 5000;

using Names = std::initializer_list<std::string_view>;

Reply invalid(const std::string& detail) {
  return mosaic_error(400, "validation_error", detail);
}

bool is_one_of(std::string_view text, Names choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

// The newest pages take no graph at creation: a field that is not known is an error.
std::optional<Reply> refuse_unknown(const Json& body, Names known) {
  if (!body.is_object()) return invalid("The body must be an object");
  for (const auto& [name, value] : body.items()) {
    if (!is_one_of(name, known)) return invalid("Unknown field: " + name);
  }
  return std::nullopt;
}

std::optional<Reply> refuse_text(const Json& body, const char* name, std::size_t most,
                                 bool is_required) {
  const auto found = body.find(name);
  if (found == body.end()) {
    if (!is_required) return std::nullopt;
    return invalid(std::string(name) + " is required");
  }
  const bool is_good = found->is_string() && !found->get_ref<const std::string&>().empty() &&
                       found->get_ref<const std::string&>().size() <= most;
  if (is_good) return std::nullopt;
  return invalid(std::string(name) + " must be a text of 1 to " + std::to_string(most) +
                 " characters");
}

std::optional<Reply> refuse_choice(const Json& body, const char* name, Names choices) {
  const auto found = body.find(name);
  if (found == body.end()) return std::nullopt;
  if (found->is_string() && is_one_of(found->get_ref<const std::string&>(), choices)) {
    return std::nullopt;
  }
  return mosaic_error(422, "parameter_out_of_range",
                      std::string(name) + " is none of its values: " + found->dump());
}

std::optional<Reply> refuse_about(const Json& body, bool needs_name) {
  if (auto refusal = refuse_text(body, "name", kMaxNameBytes, needs_name)) return refusal;
  if (auto refusal = refuse_text(body, "description", kMaxDescriptionBytes, false)) return refusal;
  return refuse_choice(body, "visibility", {"public", "private"});
}

std::optional<Reply> refuse_context(const Json& context) {
  if (auto refusal = refuse_unknown(context, {"images", "videos", "audio"})) return refusal;
  for (const auto& [name, list] : context.items()) {
    const bool is_good =
        list.is_array() &&
        std::all_of(list.begin(), list.end(), [](const Json& id) { return id.is_string(); });
    if (!is_good) return invalid("selected_context." + name + " must be a list of texts");
  }
  return std::nullopt;
}

std::optional<Reply> refuse_operation(const Json& operation) {
  if (!operation.is_object()) return invalid("An operation must be an object");
  if (operation.value("op", Json()) != "create_node") {
    return invalid("The sandbox knows the operation create_node alone");
  }
  const Names known = {"op", "node_type_id", "temp_ref_id", "params_used"};
  if (auto refusal = refuse_unknown(operation, known)) return refusal;
  if (operation.value("node_type_id", Json()) != kMosaicVideoNode) {
    return mosaic_error(404, "not_found", "Unknown node type");
  }
  return refuse_params(operation.value("params_used", Json::object()), true);
}

}  // namespace

Reply mosaic_error(int status, std::string_view code, const std::string& detail) {
  return json_reply(status, {{"detail", detail}, {"error", code}});
}

std::optional<Reply> refuse_create(const Json& body) {
  const Names known = {"name", "description", "visibility", "workspace_id"};
  if (auto refusal = refuse_unknown(body, known)) return refusal;
  return refuse_about(body, true);
}

std::optional<Reply> refuse_update(const Json& body) {
  if (auto refusal = refuse_unknown(body, {"name", "description", "visibility", "operations"})) {
    return refusal;
  }
  if (body.empty()) return invalid("Nothing to update");
  if (auto refusal = refuse_about(body, false)) return refusal;
  const Json operations = body.value("operations", Json::array());
  if (!operations.is_array()) return invalid("operations must be a list");
  for (const Json& operation : operations) {
    if (auto refusal = refuse_operation(operation)) return refusal;
  }
  return std::nullopt;
}

std::optional<Reply> refuse_run(const Json& body) {
  const Names known = {"callback_url", "update_params", "ignore_nodes", "video_inputs"};
  if (auto refusal = refuse_unknown(body, known)) return refusal;
  if (const auto url = body.find("callback_url"); url != body.end()) {
    if (!url->is_string() || http_host(url->get<std::string>()).empty()) {
      return invalid("callback_url must be a URL");
    }
  }
  if (!body.value("video_inputs", Json::array()).empty()) {
    return invalid("The agent has no Video Input node");
  }
  const Json params = body.value("update_params", Json::object());
  if (!params.is_object()) return invalid("update_params must be an object");
  for (const auto& [node, changed] : params.items()) {
    if (auto refusal = refuse_params(changed, false)) return refusal;
  }
  return std::nullopt;
}

std::optional<Reply> refuse_params(const Json& params, bool is_whole) {
  const Names known = {"prompt",       "model",          "resolution",      "duration",
                       "aspect_ratio", "generate_audio", "selected_context"};
  if (auto refusal = refuse_unknown(params, known)) return refusal;
  constexpr std::size_t kMaxPromptBytes = 100'000;
  if (auto refusal = refuse_text(params, "prompt", kMaxPromptBytes, is_whole)) return refusal;
  if (auto refusal = refuse_choice(params, "model", {"seedance-2"})) return refusal;
  if (auto refusal = refuse_choice(params, "resolution", {"480p", "720p", "1080p"})) return refusal;
  const Names seconds = {"auto", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"};
  if (auto refusal = refuse_choice(params, "duration", seconds)) return refusal;
  const Names shapes = {"auto", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"};
  if (auto refusal = refuse_choice(params, "aspect_ratio", shapes)) return refusal;
  if (!params.value("generate_audio", Json(true)).is_boolean()) {
    return invalid("generate_audio must be true or false");
  }
  if (const auto context = params.find("selected_context"); context != params.end()) {
    if (auto refusal = refuse_context(*context)) return refusal;
  }
  if (mosaic_case_of(params.value("prompt", ""))) return std::nullopt;
  return invalid("There is no such sandbox: case; they are " + mosaic_case_words());
}

}  // namespace motion_mcp::sandbox
