// The reader of JSON-RPC messages against nlohmann's parser, and what it read against what is
// printed of it.
#include "fuzz/fuzz_target.h"
#include "jsonrpc/message.h"
#include "unit/jsonrpc/reader_difference.h"

namespace motion_mcp::fuzz {
namespace {

void check_print(const Json& value) {
  const std::string printed = jsonrpc::print(value);
  require(printed.find('\n') == std::string::npos, "a value is printed on one line", printed);
  const auto again = jsonrpc::parse_json(printed);
  require(again.has_value(), "what is printed can be read", printed);
  require(value == *again, "what is printed is what was read", printed);  // 2.0 is 2
}

void check_message(const jsonrpc::Message& message) {
  if (const auto* request = std::get_if<jsonrpc::Request>(&message)) {
    const auto again =
        jsonrpc::parse(jsonrpc::print_request(request->id, request->method, request->params));
    const auto* whole = std::get_if<jsonrpc::Message>(&again);
    const auto* read = whole != nullptr ? std::get_if<jsonrpc::Request>(whole) : nullptr;
    require(read != nullptr && read->id.text == request->id.text &&
                read->method == request->method && read->params == request->params,
            "a request is printed as it was read", request->method);
  } else if (const auto* invalid = std::get_if<jsonrpc::Invalid>(&message)) {
    const std::string text =
        jsonrpc::print_error(invalid->id, invalid->code, invalid->message, nullptr);
    require(Json::accept(text), "a refusal is JSON", text);
  }
}

}  // namespace

void try_bytes(std::string_view bytes) {
  const std::string text(bytes);
  if (text.find('\0') != std::string::npos) {  // where nlohmann's parser stops reading
    return require(!jsonrpc::parse_json(text), "a NUL byte is refused wherever it stands");
  }
  const std::string difference = test::reader_difference(text);
  require(difference.empty(), "our reader and nlohmann's agree", difference);

  if (const auto value = jsonrpc::parse_json(text)) {
    check_print(*value);
    const auto compact = jsonrpc::parse_json(jsonrpc::compact(text));
    require(compact && test::is_same_json(*value, *compact), "blanks mean nothing", text);
  }
  const auto parsed = jsonrpc::parse(text);
  if (const auto* batch = std::get_if<jsonrpc::Batch>(&parsed)) {
    for (const jsonrpc::Message& message : *batch) check_message(message);
  } else {
    check_message(std::get<jsonrpc::Message>(parsed));
  }
}

}  // namespace motion_mcp::fuzz
