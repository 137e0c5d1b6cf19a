#include <string>
#include <utility>

#include "conformance/fixtures.h"

namespace motion_mcp::conformance {
namespace {

using mcp::InputRequest;
using mcp::InputRequired;
using mcp::ToolCall;
using mcp::ToolResult;

InputRequest elicit(std::string_view message, const Json& properties, const Json& required) {
  return {"elicitation/create",
          {{"message", message},
           {"requestedSchema",
            {{"type", "object"}, {"properties", properties}, {"required", required}}}}};
}

InputRequest elicit_text(std::string_view message, const char* property) {
  return elicit(message, {{property, {{"type", "string"}}}}, {property});
}

InputRequest sample(std::string_view words) {
  return {"sampling/createMessage",
          {{"messages",
            Json::array({{{"role", "user"}, {"content", {{"type", "text"}, {"text", words}}}}})},
           {"maxTokens", 100}}};
}

const InputRequest kRoots{"roots/list", Json::object()};

ToolResult ask(InputRequired wanted) {
  ToolResult result;
  result.input_required = std::move(wanted);
  return result;
}

ToolResult text(const std::string& words) {
  ToolResult result;
  result.content.push_back(mcp::text_content(words));
  return result;
}

// A tool that asks for `request` under `key` until it is answered, and tells the answer.
mcp::ToolHandler ask_once(std::string key, InputRequest request, std::string words,
                          std::string state = {}) {
  return [key = std::move(key), request = std::move(request), words = std::move(words),
          state = std::move(state)](const ToolCall& call) {
    const auto answer = call.input.answers.find(key);
    if (answer == call.input.answers.end()) return ask({{{key, request}}, state});
    return text(words + answer->dump());
  };
}

ToolResult greet_user(const ToolCall& call) {
  const auto answer = call.input.answers.find("user_name");
  if (answer == call.input.answers.end()) {
    return ask({{{"user_name", elicit_text("What is your name?", "name")}}, {}});
  }
  const Json content = answer->value("content", Json::object());
  return text("Hello, " + content.value("name", "stranger") + "!");
}

ToolResult sample_prompt(const ToolCall& call) {
  const auto answer = call.input.answers.find("sample");
  if (answer == call.input.answers.end()) {
    return ask({{{"sample", sample(call.arguments.value("prompt", "Hello"))}}, {}});
  }
  return text("LLM response: " + answer->value("content", Json::object()).value("text", ""));
}

ToolResult elicit_message(const ToolCall& call) {
  const auto answer = call.input.answers.find("form");
  if (answer == call.input.answers.end()) {
    const Json fields = {{"username", {{"type", "string"}, {"description", "User's response"}}},
                         {"email", {{"type", "string"}, {"description", "User's email"}}}};
    return ask({{{"form", elicit(call.arguments.value("message", "Who are you?"), fields,
                                 {"username", "email"})}},
                {}});
  }
  return text("User response: " + answer->dump());
}

InputRequest defaults_form() {
  return elicit(
      "Check the defaults",
      {{"name", {{"type", "string"}, {"default", "John Doe"}}},
       {"age", {{"type", "integer"}, {"default", 30}}},
       {"score", {{"type", "number"}, {"default", 95.5}}},
       {"status",
        {{"type", "string"}, {"enum", {"active", "inactive", "pending"}}, {"default", "active"}}},
       {"verified", {{"type", "boolean"}, {"default", true}}}},
      Json::array());
}

Json titled(const char* value, const char* title) {
  return {{"const", value}, {"title", title}};
}

InputRequest enums_form() {
  const Json options = {"option1", "option2", "option3"};
  const Json values =
      Json::array({titled("value1", "First Option"), titled("value2", "Second Option"),
                   titled("value3", "Third Option")});
  return elicit(
      "Choose",
      {{"untitledSingle", {{"type", "string"}, {"enum", options}}},
       {"titledSingle", {{"type", "string"}, {"oneOf", values}}},
       {"legacyEnum",
        {{"type", "string"},
         {"enum", {"opt1", "opt2", "opt3"}},
         {"enumNames", {"Option One", "Option Two", "Option Three"}}}},
       {"untitledMulti", {{"type", "array"}, {"items", {{"type", "string"}, {"enum", options}}}}},
       {"titledMulti", {{"type", "array"}, {"items", {{"anyOf", values}}}}}},
      Json::array());
}

ToolResult ask_for_all(const ToolCall& call) {
  const InputRequired wanted{{{"user_name", elicit_text("What is your name?", "name")},
                              {"greeting", sample("Generate a greeting")},
                              {"client_roots", kRoots}},
                             "all"};
  for (const auto& [key, request] : wanted.requests) {
    if (!call.input.answers.contains(key)) return ask(wanted);
  }
  return text("All three were answered.");
}

ToolResult ask_twice(const ToolCall& call) {
  if (call.input.state == "second" && call.input.answers.contains("step2")) {
    return text("Both rounds are done.");
  }
  if (call.input.state == "first" && call.input.answers.contains("step1")) {
    return ask({{{"step2", elicit_text("What is your favourite colour?", "color")}}, "second"});
  }
  return ask({{{"step1", elicit_text("What is your name?", "name")}}, "first"});
}

// Asks for what the client declared that it answers, and for nothing else.
ToolResult ask_what_it_can(const ToolCall& call) {
  if (!call.input.answers.empty()) return text("That was answered.");
  InputRequired wanted;
  if (mcp::can_answer(call.capabilities, "elicitation/create")) {
    wanted.requests.emplace_back("user_name", elicit_text("What is your name?", "name"));
  }
  if (mcp::can_answer(call.capabilities, "sampling/createMessage")) {
    wanted.requests.emplace_back("greeting", sample("Generate a greeting"));
  }
  if (wanted.requests.empty()) return text("There is nothing that this client could be asked.");
  return ask(std::move(wanted));
}

}  // namespace

std::vector<mcp::Tool> asking_tools() {
  const InputRequest confirm = elicit("Go on?", {{"ok", {{"type", "boolean"}}}}, {"ok"});
  const InputRequest capital = sample("What is the capital of France?");
  return {
      {R"({"name":"test_sampling","description":"Asks the client's model","inputSchema":{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}})",
       {sample_prompt}},
      {R"({"name":"test_elicitation","description":"Asks the user","inputSchema":{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}})",
       {elicit_message}},
      {R"({"name":"test_elicitation_sep1034_defaults","description":"Asks with defaults","inputSchema":{"type":"object"}})",
       {ask_once("form", defaults_form(), "Elicitation completed: ")}},
      {R"({"name":"test_elicitation_sep1330_enums","description":"Asks with every form of enum","inputSchema":{"type":"object"}})",
       {ask_once("form", enums_form(), "Elicitation completed: ")}},
      {R"({"name":"test_missing_capability","description":"Needs sampling","inputSchema":{"type":"object"}})",
       {ask_once("sample", sample("Hello"), "LLM response: ")}},
      {R"({"name":"test_streaming_elicitation","description":"Asks the user","inputSchema":{"type":"object"}})",
       {ask_once("confirm", confirm, "The user said: ")}},
      {R"({"name":"test_input_required_result_elicitation","description":"Asks for a name","inputSchema":{"type":"object"}})",
       {greet_user}},
      {R"({"name":"test_input_required_result_sampling","description":"Asks the client's model","inputSchema":{"type":"object"}})",
       {ask_once("capital_question", capital, "The model said: ")}},
      {R"({"name":"test_input_required_result_list_roots","description":"Asks for the roots","inputSchema":{"type":"object"}})",
       {ask_once("client_roots", kRoots, "The roots are: ")}},
      {R"({"name":"test_input_required_result_request_state","description":"Keeps state between rounds","inputSchema":{"type":"object"}})",
       {ask_once("confirm", confirm, "state-ok: ", "kept")}},
      {R"({"name":"test_input_required_result_multiple_inputs","description":"Asks for three things at once","inputSchema":{"type":"object"}})",
       {ask_for_all}},
      {R"({"name":"test_input_required_result_multi_round","description":"Asks twice","inputSchema":{"type":"object"}})",
       {ask_twice}},
      {R"({"name":"test_input_required_result_tampered_state","description":"Keeps state between rounds","inputSchema":{"type":"object"}})",
       {ask_once("confirm", confirm, "state-ok: ", "kept")}},
      {R"({"name":"test_input_required_result_capabilities","description":"Asks for what the client can answer","inputSchema":{"type":"object"}})",
       {ask_what_it_can}},
  };
}

}  // namespace motion_mcp::conformance
