#include <chrono>
#include <string>
#include <utility>

#include "base/clock.h"
#include "conformance/fixtures.h"
#include "conformance/media.h"

namespace motion_mcp::conformance {
namespace {

using mcp::Change;
using mcp::ToolCall;
using mcp::ToolResult;

constexpr std::chrono::milliseconds kBetweenMessages{50};

void pause(const ToolCall& call) {
  const base::Clock& clock = base::system_clock();
  clock.sleep_until(clock.now() + kBetweenMessages, call.stop);
}

ToolResult content(std::initializer_list<Json> blocks) {
  ToolResult result;
  for (const Json& block : blocks) result.content.push_back(block);
  return result;
}

ToolResult text(std::string_view words) {
  return content({mcp::text_content(words)});
}

mcp::ToolHandler always(ToolResult result) {
  return [result = std::move(result)](const ToolCall&) { return result; };
}

ToolResult fail(const ToolCall& /*unused*/) {
  ToolResult result = text("This tool intentionally returns an error for testing");
  result.is_error = true;
  return result;
}

ToolResult report_progress(const ToolCall& call) {
  for (const int percent : {0, 50, 100}) {
    if (percent > 0) pause(call);
    call.progress({static_cast<double>(percent), 100, {}});
  }
  return text("Progress was reported.");
}

ToolResult log(const ToolCall& call) {
  for (const char* words :
       {"Tool execution started", "Tool processing data", "Tool execution completed"}) {
    call.log(mcp::LogLevel::info, words);
    pause(call);
  }
  return text("Messages were logged.");
}

ToolResult come_back_for_it(const ToolCall& call) {
  if (call.suspend) call.suspend();
  pause(call);
  return text("The stream was closed, and this came on the next one.");
}

mcp::ToolHandler announce(std::shared_ptr<mcp::Changes> changes, Change::Kind kind) {
  return [changes = std::move(changes), kind](const ToolCall&) {
    changes->announce({kind});
    return text("The change was announced.");
  };
}

ToolResult echo_region(const ToolCall& call) {
  return text("Region: " + call.arguments.value("region", ""));
}

}  // namespace

std::vector<mcp::Tool> plain_tools(const std::shared_ptr<mcp::Changes>& changes) {
  const Json image = mcp::image_content(png(), "image/png");
  return {
      {R"({"name":"test_simple_text","description":"Answers with text","inputSchema":{"type":"object"}})",
       {always(text("This is a simple text response for testing."))}},
      {R"({"name":"test_image_content","description":"Answers with an image","inputSchema":{"type":"object"}})",
       {always(content({image}))}},
      {R"({"name":"test_audio_content","description":"Answers with audio","inputSchema":{"type":"object"}})",
       {always(content({mcp::audio_content(wav(), "audio/wav")}))}},
      {R"({"name":"test_embedded_resource","description":"Answers with a resource","inputSchema":{"type":"object"}})",
       {always(content({mcp::embedded_text_content("test://embedded-resource", "text/plain",
                                                   "This is an embedded resource content.")}))}},
      {R"({"name":"test_multiple_content_types","description":"Answers with text, an image and a resource","inputSchema":{"type":"object"}})",
       {always(
           content({mcp::text_content("Multiple content types test:"), image,
                    mcp::embedded_text_content("test://mixed-content-resource", "application/json",
                                               R"({"test":"data","value":123})")}))}},
      {R"({"name":"test_error_handling","description":"Always fails","inputSchema":{"type":"object"}})",
       {fail}},
      {R"({"name":"test_tool_with_progress","description":"Reports progress","inputSchema":{"type":"object"}})",
       {report_progress}},
      {R"({"name":"test_tool_with_logging","description":"Logs while it runs","inputSchema":{"type":"object"}})",
       {log}},
      {R"({"name":"test_logging_tool","description":"Logs while it runs","inputSchema":{"type":"object"}})",
       {log}},
      {R"({"name":"test_reconnection","description":"Closes the stream before it answers","inputSchema":{"type":"object"}})",
       {come_back_for_it}},
      {R"({"name":"test_trigger_tool_change","description":"Announces that the tools changed","inputSchema":{"type":"object"}})",
       {announce(changes, Change::Kind::tools)}},
      {R"({"name":"test_trigger_prompt_change","description":"Announces that the prompts changed","inputSchema":{"type":"object"}})",
       {announce(changes, Change::Kind::prompts)}},
      {R"({"name":"test_mirrored_region","description":"Has a parameter that is repeated in a header","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}},"required":["region"]}})",
       {echo_region}},
      {R"({"name":"json_schema_2020_12_tool","description":"Has keywords of JSON Schema 2020-12","inputSchema":{
        "$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
        "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
        "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
        "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
        "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
        "then":{"required":["phone"]},"else":{"required":["email"]},
        "additionalProperties":false}})",
       {always(text("The arguments are valid."))}},
  };
}

}  // namespace motion_mcp::conformance
