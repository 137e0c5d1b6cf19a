// The fixtures that are no tools.
#include <string>
#include <utility>

#include "conformance/fixtures.h"
#include "conformance/media.h"

namespace motion_mcp::conformance {
namespace {

using mcp::PromptRequest;
using mcp::PromptResult;
using mcp::ResourceContents;
using mcp::ResourceRequest;
using mcp::Role;

mcp::ResourceReader always(ResourceContents contents) {
  return [contents = std::move(contents)](const ResourceRequest&) { return contents; };
}

Result<ResourceContents> read_template(const ResourceRequest& request) {
  const std::string& id = request.variables.front().second;
  const Json data = {{"id", id}, {"templateTest", true}, {"data", "Data for ID: " + id}};
  return ResourceContents{"application/json", data.dump(), false, {}};
}

PromptResult message(Json content) {
  PromptResult result;
  result.messages.push_back(mcp::prompt_message(Role::user, std::move(content)));
  return result;
}

Result<PromptResult> with_arguments(const PromptRequest& request) {
  return message(mcp::text_content("Prompt with arguments: arg1='" +
                                   request.arguments.value("arg1", "") + "', arg2='" +
                                   request.arguments.value("arg2", "") + "'"));
}

Result<PromptResult> with_resource(const PromptRequest& request) {
  PromptResult result =
      message(mcp::embedded_text_content(request.arguments.value("resourceUri", ""), "text/plain",
                                         "Embedded resource content for testing."));
  result.messages.push_back(mcp::prompt_message(
      Role::user, mcp::text_content("Please process the embedded resource above.")));
  return result;
}

Result<PromptResult> with_image(const PromptRequest& /*unused*/) {
  PromptResult result = message(mcp::image_content(png(), "image/png"));
  result.messages.push_back(
      mcp::prompt_message(Role::user, mcp::text_content("Please analyze the image above.")));
  return result;
}

Result<PromptResult> with_input(const PromptRequest& request) {
  const auto answer = request.input.answers.find("user_context");
  if (answer != request.input.answers.end()) {
    return message(mcp::text_content("The context is: " + answer->dump()));
  }
  PromptResult result;
  result.input_required =
      mcp::InputRequired{{{"user_context",
                           {"elicitation/create",
                            {{"message", "What context should the prompt use?"},
                             {"requestedSchema",
                              {{"type", "object"},
                               {"properties", {{"context", {{"type", "string"}}}}},
                               {"required", {"context"}}}}}}}},
                         {}};
  return result;
}

Result<mcp::Completion> complete_argument(const mcp::CompletionRequest& request) {
  mcp::Completion completion;
  for (const char* value : {"paris", "park", "party", "testing"}) {
    if (std::string_view(value).starts_with(request.value)) completion.values.emplace_back(value);
  }
  return completion;
}

}  // namespace

mcp::Resources resources() {
  mcp::Resources offered;
  offered.fixed = {
      {R"({"uri":"test://static-text","name":"static-text","title":"Static text","mimeType":"text/plain"})",
       always({"text/plain", "This is the content of the static text resource.", false, {}})},
      {R"({"uri":"test://static-binary","name":"static-binary","title":"Static binary","mimeType":"image/png"})",
       always({"image/png", png(), true, {}})},
      {R"({"uri":"test://watched-resource","name":"watched-resource","title":"To be subscribed to","mimeType":"text/plain"})",
       always({"text/plain", "Watched resource content", false, {}})}};
  offered.templates = {
      {R"({"uriTemplate":"test://template/{id}/data","name":"template","title":"Data by id","mimeType":"application/json"})",
       read_template}};
  return offered;
}

std::vector<mcp::Prompt> prompts() {
  return {
      {R"({"name":"test_simple_prompt","description":"Has no arguments"})",
       [](const PromptRequest&) -> Result<PromptResult> {
         return message(mcp::text_content("This is a simple prompt for testing."));
       }},
      {R"({"name":"test_prompt_with_arguments","description":"Repeats its arguments","arguments":[{"name":"arg1","description":"The first","required":true},{"name":"arg2","description":"The second","required":true}]})",
       with_arguments, complete_argument},
      {R"({"name":"test_prompt_with_embedded_resource","description":"Holds a resource","arguments":[{"name":"resourceUri","description":"The resource's URI","required":true}]})",
       with_resource},
      {R"({"name":"test_prompt_with_image","description":"Holds an image"})", with_image},
      {R"({"name":"test_input_required_result_prompt","description":"Asks for its context"})",
       with_input},
  };
}

}  // namespace motion_mcp::conformance
