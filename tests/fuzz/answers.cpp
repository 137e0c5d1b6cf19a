#include "fuzz/answers.h"

#include <algorithm>

#include "fuzz/fuzz_target.h"

namespace motion_mcp::fuzz {
namespace {

bool is_for(const Json& response, const Due& due) {
  const auto id = response.find("id");
  if (!due.id) return id == response.end() || id->is_null();
  return id != response.end() && *id == Json::parse(*due.id);
}

}  // namespace

Due due_for(const jsonrpc::Message& message) {
  if (const auto* request = std::get_if<jsonrpc::Request>(&message)) {
    return {true, request->id.text};
  }
  if (const auto* invalid = std::get_if<jsonrpc::Invalid>(&message)) {
    return {true, invalid->id ? std::optional(invalid->id->text) : std::nullopt};
  }
  return {};
}

std::vector<Due> due_for(const jsonrpc::Batch& batch) {
  std::vector<Due> dues;
  for (const jsonrpc::Message& message : batch) {
    if (const Due due = due_for(message); due.is_answered) dues.push_back(due);
  }
  return dues;
}

Json require_json_line(std::string_view text) {
  require(text.find('\n') == std::string_view::npos, "a message is one line", text);
  Json message = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  require(!message.is_discarded(), "what is sent is JSON", text);
  return message;
}

void require_response(const Json& response, const Due& due) {
  const std::string shown = response.dump(-1, ' ', false, Json::error_handler_t::replace);
  require(due.is_answered, "a message that is no request is not answered", shown);
  require(response.is_object() && response.value("jsonrpc", "") == "2.0",
          "a response is a JSON-RPC object", shown);
  require(!response.contains("method"), "a response has no method", shown);
  require(response.contains("result") != response.contains("error"),
          "a response has a result or an error", shown);
  require(is_for(response, due), "a response carries the id of its request", shown);
  if (response.contains("result")) {
    require(response["result"].is_object(), "a result is an object", shown);
    return;
  }
  const Json& error = response["error"];
  require(error.is_object() && error.contains("code") && error["code"].is_number_integer() &&
              error.contains("message") && error["message"].is_string(),
          "an error has a code and a message", shown);
}

void require_response_line(std::string_view text, const Due& due) {
  require_response(require_json_line(text), due);
}

void require_responses(const Json& array, std::vector<Due> dues) {
  require(array.is_array(), "a batch is answered with an array", array.dump());
  require(array.size() == dues.size(), "a batch has an answer for each of its requests",
          array.dump());
  for (const Json& response : array) {
    const auto due = std::find_if(dues.begin(), dues.end(),
                                  [&](const Due& each) { return is_for(response, each); });
    require(due != dues.end(), "each request of a batch has one answer", array.dump());
    require_response(response, *due);
    dues.erase(due);
  }
}

void require_notification(std::string_view text) {
  const Json message = require_json_line(text);
  require(message.is_object() && message.value("jsonrpc", "") == "2.0" &&
              message.contains("method") && message["method"].is_string(),
          "what is sent besides answers is a notification", text);
  require(!message.contains("id"), "a notification has no id", text);
}

}  // namespace motion_mcp::fuzz
