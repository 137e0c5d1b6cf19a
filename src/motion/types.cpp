#include "motion/types.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "net/json_answer.h"

namespace motion_mcp::motion {
namespace {

using OptionalText = std::optional<std::string>;

OptionalText given_at(const Json& object, const char* key) {
  const Json* value = net::member(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get_ref<const std::string&>();
}

OptionalText non_empty_at(const Json& object, const char* key) {
  const std::string_view text = net::text_at(object, key);
  return text.empty() ? std::nullopt : OptionalText(text);
}

// The type of `error` is undocumented: null in every example, a string or an object in use. The
// code is what programs know a reason by, so no message stands in its place.
OptionalText error_text_at(const Json& object, const char* key) {
  const Json* error = net::member(object, key);
  if (error == nullptr) return std::nullopt;
  if (error->is_string()) return non_empty_at(object, key);
  if (!error->is_structured() || error->empty()) return std::nullopt;
  OptionalText message = non_empty_at(*error, "message");
  if (!message) message = non_empty_at(*error, "error");
  if (!message) return error->dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string_view code = net::text_at(*error, "code");
  if (message->find(code) == std::string::npos) return std::string(code) + ": " + *message;
  return message;
}

void put(Json& object, const char* key, const OptionalText& text) {
  if (text) object[key] = *text;
}

std::optional<std::variant<std::string, DesignDocument>> design_from_json(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object()) return std::nullopt;
  return DesignDocument{given_at(value, "filename"), std::string(net::text_at(value, "content"))};
}

Json to_json(const std::variant<std::string, DesignDocument>& design) {
  if (const auto* text = std::get_if<std::string>(&design)) return *text;
  const auto& document = std::get<DesignDocument>(design);
  Json object = Json::object();
  put(object, "filename", document.filename);
  object["content"] = document.content;
  return object;
}

Attachment attachment_from_json(const Json& value) {
  return {std::string(net::text_at(value, "url")), given_at(value, "name"), given_at(value, "type"),
          given_at(value, "content_type")};
}

Json to_json(const Attachment& attachment) {
  Json object = Json::object();
  object["url"] = attachment.url;
  put(object, "name", attachment.name);
  put(object, "type", attachment.type);
  put(object, "content_type", attachment.content_type);
  return object;
}

template <std::size_t N>
Json members_besides(const std::array<std::string_view, N>& known, const Json& object) {
  Json others = Json::object();
  auto& members = others.get_ref<Json::object_t&>();
  for (const auto& [key, value] : object.items()) {
    if (value.is_null() || std::find(known.begin(), known.end(), key) != known.end()) continue;
    members.emplace_back(key, value);  // a look-up for each would cost the square
  }
  return others;
}

std::optional<Output> output_from_json(const Json* value) {
  constexpr std::array<std::string_view, 5> kKnown = {"status", "download_url", "expires_at",
                                                      "completed_at", "error"};
  if (value == nullptr || !value->is_object()) return std::nullopt;
  return Output{std::string(net::text_at(*value, "status")),
                given_at(*value, "download_url"),
                given_at(*value, "expires_at"),
                given_at(*value, "completed_at"),
                error_text_at(*value, "error"),
                members_besides(kKnown, *value)};
}

Error missing(const char* key) {
  return {ErrorKind::bad_response, std::string("the answer of the Motion API has no ") + key};
}

}  // namespace

VideoBrief brief_from_json(const Json& arguments) {
  VideoBrief brief;
  brief.prompt = std::string(net::text_at(arguments, "prompt"));
  brief.aspect_ratio = given_at(arguments, "aspect_ratio");
  brief.duration = given_at(arguments, "duration");
  brief.design_system_id = given_at(arguments, "design_system_id");
  if (const Json* design = net::member(arguments, "design_md")) {
    brief.design_md = design_from_json(*design);
  }
  brief.style_reference_url = given_at(arguments, "style_reference_url");
  if (const Json* list = net::member(arguments, "attachments");
      list != nullptr && list->is_array()) {
    auto& attachments = brief.attachments.emplace();
    for (const Json& item : *list) attachments.push_back(attachment_from_json(item));
  }
  return brief;
}

Json to_json(const VideoBrief& brief) {
  Json body = Json::object();
  body["prompt"] = brief.prompt;
  put(body, "aspect_ratio", brief.aspect_ratio);
  put(body, "duration", brief.duration);
  put(body, "design_system_id", brief.design_system_id);
  if (brief.design_md) body["design_md"] = to_json(*brief.design_md);
  put(body, "style_reference_url", brief.style_reference_url);
  if (brief.attachments) {
    Json& list = body["attachments"] = Json::array();
    for (const Attachment& attachment : *brief.attachments) list.push_back(to_json(attachment));
  }
  return body;
}

Result<Started> started_from_json(const Json& body) {
  OptionalText job_id = non_empty_at(body, "job_id");
  if (!job_id) return missing("job_id");
  return Started{*std::move(job_id), std::string(net::text_at(body, "status")),
                 std::string(net::text_at(body, "status_url"))};
}

Result<Job> job_from_json(const Json& body) {
  OptionalText job_id = non_empty_at(body, "job_id");
  if (!job_id) return missing("job_id");
  OptionalText status = non_empty_at(body, "status");
  if (!status) return missing("status");

  Job job;
  job.job_id = *std::move(job_id);
  job.status = *std::move(status);
  job.created_at = given_at(body, "created_at");
  job.updated_at = given_at(body, "updated_at");
  job.completed_at = given_at(body, "completed_at");
  job.error = error_text_at(body, "error");
  const Json* pending = net::member(body, "pending_user_input");
  job.pending_user_input = pending != nullptr && pending->is_boolean()
                               ? pending->get<bool>()
                               : job.status == "awaiting_user_input";
  job.output = output_from_json(net::member(body, "output"));
  const Json* sources = net::member(body, "sources");
  job.sources = sources != nullptr && sources->is_array() ? *sources : Json::array();
  constexpr std::array<std::string_view, 9> kKnown = {
      "job_id", "status", "created_at", "updated_at", "completed_at", "error", "pending_user_input",
      "output", "sources"};
  job.other = members_besides(kKnown, body);
  return job;
}

}  // namespace motion_mcp::motion
