#pragma once

// A server of toys that has every feature: tools that answer, fail, ask and start tasks, resources,
// prompts, logging and changed lists.

#include <memory>

#include "base/log.h"
#include "fakes/stepped_clock.h"
#include "mcp/server.h"
#include "unit/mcp/toy_resources.h"
#include "unit/mcp/toy_tasks.h"
#include "unit/mcp/toy_tools.h"

namespace motion_mcp::fuzz {

struct ToyServer {
  // A tool that throws is a line in the log, a thousand times a second.
  ToyServer() { base::set_log_level(base::LogLevel::off); }

  fakes::SteppedClock clock;  // never moves: what waits, waits to be stopped
  std::shared_ptr<mcp::Changes> changes = std::make_shared<mcp::Changes>();
  test::ToyWork work;
  mcp::Server server{test::toy_info(),
                     {tools(), test::toy_resources(), {}, {prompt()}, true, changes},
                     nullptr,
                     clock};

 private:
  std::vector<mcp::Tool> tools() {
    std::vector<mcp::Tool> all = test::toy_tools();
    for (mcp::Tool& tool : work.tools()) all.push_back(std::move(tool));
    all.push_back(
        {R"({"name":"insist","inputSchema":{"type":"object"}})", {[](const mcp::ToolCall&) {
           mcp::ToolResult result;
           result.input_required = mcp::InputRequired{{{"more", {"roots/list"}}}, "s"};
           return result;
         }}});
    all.push_back({R"({"name":"log","inputSchema":{"type":"object"}})",
                   {[changes = changes](const mcp::ToolCall& call) {
                     call.log(mcp::LogLevel::warning, Json{{"said", call.arguments}});
                     changes->announce({mcp::Change::Kind::tools});
                     return test::says("logged");
                   }}});
    return all;
  }
  static mcp::Prompt prompt() {
    return {R"({"name":"greet","arguments":[{"name":"who","required":true},{"name":"how"}]})",
            [](const mcp::PromptRequest& request) -> Result<mcp::PromptResult> {
              const auto& who = request.arguments.at("who").get_ref<const std::string&>();
              if (who == "nobody") return Error{ErrorKind::invalid_argument, "who?", "Say who."};
              mcp::PromptResult result;
              result.messages.push_back(
                  mcp::prompt_message(mcp::Role::user, mcp::text_content("Greet " + who)));
              return result;
            },
            [](const mcp::CompletionRequest& request) -> Result<mcp::Completion> {
              return mcp::Completion{{std::string(request.value) + "!"}, {}};
            }};
  }
};

}  // namespace motion_mcp::fuzz
