#pragma once

// Small resources that stand in for real ones in the tests of the protocol.

#include <stdexcept>
#include <string>

#include "mcp/resource.h"

namespace motion_mcp::test {

inline mcp::Resources toy_resources() {
  mcp::Resources resources;
  resources.fixed.push_back(
      {R"({"uri": "test://text", "name": "text", "mimeType": "text/plain"})",
       [](const mcp::ResourceRequest&) {
         return mcp::ResourceContents{"text/plain", "a \"word\"", false, Json{{"k", 1}}};
       },
       {std::chrono::minutes(1), false}});
  resources.fixed.push_back(
      {R"({"uri": "test://binary", "name": "binary"})", [](const mcp::ResourceRequest&) {
         return mcp::ResourceContents{"image/png", std::string("\x89PNG\0\xFF", 6), true, {}};
       }});
  resources.fixed.push_back({R"({"uri": "test://throw", "name": "throw"})",
                             [](const mcp::ResourceRequest&) -> Result<mcp::ResourceContents> {
                               throw std::runtime_error("secret");
                             }});
  resources.templates.push_back(
      {R"({"uriTemplate": "test://template/{id}/data", "name": "template"})",
       [](const mcp::ResourceRequest& request) -> Result<mcp::ResourceContents> {
         const auto& [name, id] = request.variables.at(0);
         if (id == "nobody") return Error{ErrorKind::not_found, "no such one", "Look again."};
         if (id == "bad") return Error{ErrorKind::invalid_argument, "it is bad"};
         if (id == "down") return Error{ErrorKind::unreachable, "it is down", "Call again."};
         return mcp::ResourceContents{
             "text/plain", name + "=" + id + " for " + request.caller.credential, false, {}};
       },
       [](const mcp::CompletionRequest& request) -> Result<mcp::Completion> {
         if (request.value == "down") return Error{ErrorKind::unavailable, "it is down"};
         if (request.value == "throw") throw std::runtime_error("secret");
         mcp::Completion completion;
         for (int i = 0; i < 120; ++i) {
           completion.values.push_back(std::string(request.value) + std::to_string(i));
         }
         completion.total = 500;
         if (request.value == "one") completion = {{"one"}, {}};
         return completion;
       }});
  resources.templates.push_back(
      {R"({"uriTemplate": "test://plain/{a}-{b}", "name": "plain"})",
       [](const mcp::ResourceRequest& request) {
         return mcp::ResourceContents{"text/plain", request.variables.at(1).second, false, {}};
       }});
  return resources;
}

}  // namespace motion_mcp::test
