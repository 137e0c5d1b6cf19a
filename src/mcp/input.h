#pragma once

// What a call may ask of its client before it can go on (MCP 2026-07-28 "Multi Round-Trip
// Requests"; in earlier versions the same requests go from the server to the client). A tool is
// written once: it returns what it needs to know, and is run again with the answers.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"

namespace motion_mcp::mcp {

struct InputRequest {
  std::string method;  // elicitation/create, sampling/createMessage or roots/list
  Json params = Json::object();
};

// A round of requests, all to be answered before the call is run again.
struct InputRequired {
  std::vector<std::pair<std::string, InputRequest>> requests;  // by keys of the tool's choice
  // Comes back with the answers; the client can neither read nor alter it. It can send it twice:
  // what must happen once only has to be guarded by the tool.
  std::string state;
};

struct InputAnswers {
  // By the keys of the requests; a client may leave some out and add others. Objects, otherwise
  // unchecked.
  Json answers = Json::object();
  std::string state;
};

// Whether a client that declared `capabilities` can be sent requests of `method`.
bool can_answer(const Json& capabilities, std::string_view method);

// What a client would have had to declare for requests of `method`, shaped like its capabilities.
Json needed_capability(std::string_view method);

}  // namespace motion_mcp::mcp
