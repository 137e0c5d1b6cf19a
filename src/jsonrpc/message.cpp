#include "jsonrpc/message.h"

#include <algorithm>
#include <utility>

#include "jsonrpc/dom_builder.h"
#include "jsonrpc/json_reader.h"

namespace motion_mcp::jsonrpc {
namespace {

struct Parsed {
  Json value;
  std::string fault;  // empty when the text was read whole
  bool is_syntax_fault = false;
  std::optional<Id> id;
};

Parsed read(std::string_view bytes, std::size_t max_depth) {
  DomBuilder builder(max_depth);
  read_json(bytes, builder);
  const std::string& fault = builder.fault();
  return {fault.empty() ? builder.take() : Json(), fault, builder.is_syntax_fault(), builder.id()};
}

Json take_member(Json& object, const char* name) {
  const auto member = object.find(name);
  return member == object.end() ? Json() : std::move(*member);
}

std::optional<Id> id_of(const Json& value) {
  if (value.is_string() || value.is_number_integer()) return Id{print(value)};
  return std::nullopt;
}

Message to_response(Json& object, const std::optional<Id>& id) {
  return Response{id.value_or(Id{"null"}), take_member(object, "result"),
                  take_member(object, "error")};
}

Message to_message(Json object) {
  if (!object.is_object()) return Invalid{Code::invalid_request, "a message is a JSON object", {}};
  const auto id_member = object.find("id");
  const bool has_id = id_member != object.end();
  const std::optional<Id> id = has_id ? id_of(*id_member) : std::nullopt;

  const auto invalid = [&](const char* why) { return Invalid{Code::invalid_request, why, id}; };
  const auto version = object.find("jsonrpc");
  if (version == object.end() || *version != "2.0") return invalid("\"jsonrpc\" must be \"2.0\"");

  const auto method = object.find("method");
  if (method == object.end()) {
    if (object.contains("result") || object.contains("error")) return to_response(object, id);
    return invalid("a message has a \"method\", or a \"result\" or an \"error\"");
  }
  if (!method->is_string()) return invalid("\"method\" must be a string");
  if (has_id && !id) return invalid("\"id\" must be a string or an integer");

  std::string name = method->get<std::string>();
  Json params = take_member(object, "params");
  if (params.is_null() && !object.contains("params")) params = Json::object();
  if (!params.is_object()) {
    if (!has_id) return Notification{std::move(name), Json::object()};
    return Invalid{Code::invalid_params, "\"params\" must be an object", id};
  }
  if (!has_id) return Notification{std::move(name), std::move(params)};
  return Request{*id, std::move(name), std::move(params)};
}

}  // namespace

std::variant<Message, Batch> parse(std::string_view bytes) {
  Parsed parsed = read(bytes, kMaxDepth);
  if (!parsed.fault.empty()) {
    const Code code = parsed.is_syntax_fault ? Code::parse_error : Code::invalid_request;
    return Message(Invalid{code, std::move(parsed.fault), std::move(parsed.id)});
  }
  if (!parsed.value.is_array()) return to_message(std::move(parsed.value));
  if (parsed.value.empty()) {
    return Message(Invalid{Code::invalid_request, "a batch holds at least one message", {}});
  }
  Batch batch;
  batch.reserve(parsed.value.size());
  for (Json& element : parsed.value) batch.push_back(to_message(std::move(element)));
  return batch;
}

std::optional<Json> parse_json(std::string_view bytes, std::size_t max_depth) {
  Parsed parsed = read(bytes, max_depth);
  if (!parsed.fault.empty()) return std::nullopt;
  return std::move(parsed.value);
}

std::string print_result(const Id& id, std::string_view result) {
  std::string text;
  text.reserve(result.size() + id.text.size() + 40);
  text.append(R"({"jsonrpc":"2.0","id":)").append(id.text);
  text.append(R"(,"result":)").append(result).append("}");
  return text;
}

namespace {

std::string error_member(Code code, std::string_view message, const Json& data) {
  std::string text = R"("error":{"code":)" + std::to_string(static_cast<int>(code));
  text.append(R"(,"message":)").append(print_string(message));
  if (!data.is_null()) text.append(R"(,"data":)").append(print(data));
  return text + "}";
}

}  // namespace

std::string print_error(const std::optional<Id>& id, Code code, std::string_view message,
                        const Json& data) {
  return R"({"jsonrpc":"2.0","id":)" + (id ? id->text : "null") + "," +
         error_member(code, message, data) + "}";
}

std::string print_error_without_id(Code code, std::string_view message) {
  return R"({"jsonrpc":"2.0",)" + error_member(code, message, nullptr) + "}";
}

std::string print_request(const Id& id, std::string_view method, const Json& params) {
  const std::string text = R"({"jsonrpc":"2.0","id":)" + id.text + R"(,"method":)";
  return text + print_string(method) + R"(,"params":)" + print(params) + "}";
}

std::string print_notification(std::string_view method, const Json& params) {
  std::string text;
  text.append(R"({"jsonrpc":"2.0","method":)").append(print_string(method));
  text.append(R"(,"params":)").append(print(params)).append("}");
  return text;
}

}  // namespace motion_mcp::jsonrpc
