// What arrives is written by strangers. These tests try to make the parser crash, take one message
// for another, or lose the id that the peer waits for.
#include "jsonrpc/message.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <utility>

using namespace motion_mcp;
using namespace motion_mcp::jsonrpc;

namespace {

Message one(std::string_view bytes) {
  auto parsed = parse(bytes);
  REQUIRE(std::holds_alternative<Message>(parsed));
  return std::get<Message>(std::move(parsed));
}

Invalid invalid(std::string_view bytes) {
  Message message = one(bytes);
  REQUIRE(std::holds_alternative<Invalid>(message));
  return std::get<Invalid>(std::move(message));
}

std::string nested(std::size_t depth) {
  return R"({"jsonrpc":"2.0","method":"m","params":{"a":)" + std::string(depth, '[') +
         std::string(depth, ']') + R"(},"id":9})";
}

}  // namespace

TEST_CASE("a request keeps its id, method and parameters") {
  const auto request = std::get<Request>(
      one(R"({"jsonrpc":"2.0","id":"a\"1","method":"tools/call","params":{"z":1,"a":2}})"));
  CHECK(request.id.text == R"("a\"1")");
  CHECK(request.method == "tools/call");
  CHECK(print(request.params) == R"({"z":1,"a":2})");
}

TEST_CASE("ids of every allowed kind go back as they came") {
  for (const char* id : {"0", "-7", "18446744073709551615", R"("")", R"("\u00e9")"}) {
    const auto request = std::get<Request>(
        one(std::string(R"({"jsonrpc":"2.0","id":)") + id + R"(,"method":"ping"})"));
    CHECK(Json::parse(request.id.text) == Json::parse(id));
  }
}

TEST_CASE("a null, fractional or structured id is refused") {
  for (const char* id : {"null", "1.5", "[]", "{}", "true"}) {
    const Invalid refused =
        invalid(std::string(R"({"jsonrpc":"2.0","id":)") + id + R"(,"method":"ping"})");
    CHECK(refused.code == Code::invalid_request);
    CHECK_FALSE(refused.id);
  }
}

TEST_CASE("a message without an id is a notification, also with parameters it should not have") {
  CHECK(std::holds_alternative<Notification>(one(R"({"jsonrpc":"2.0","method":"n"})")));
  CHECK(std::holds_alternative<Notification>(one(R"({"jsonrpc":"2.0","method":"n","params":3})")));
}

TEST_CASE("an answer to a request of ours is told from a request") {
  const auto ok = std::get<Response>(one(R"({"jsonrpc":"2.0","id":1,"result":{"a":1}})"));
  CHECK(ok.result == Json{{"a", 1}});
  const auto failed = std::get<Response>(one(R"({"jsonrpc":"2.0","id":null,"error":{"code":1}})"));
  CHECK(failed.error == Json{{"code", 1}});
}

TEST_CASE("text that is not JSON is a parse error that carries the id seen before the fault") {
  const Invalid refused = invalid(R"({"jsonrpc":"2.0","id":5,"method":)");
  CHECK(refused.code == Code::parse_error);
  REQUIRE(refused.id);
  CHECK(refused.id->text == "5");
  CHECK_FALSE(invalid("nonsense").id);
  CHECK_FALSE(invalid("").id);
}

TEST_CASE("an id inside the parameters is not taken for the message's") {
  CHECK_FALSE(invalid(R"({"params":{"id":5},"method":)").id);
}

TEST_CASE("invalid UTF-8, NUL bytes and trailing text are refused") {
  CHECK(invalid("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xFF\"}").code == Code::parse_error);
  const std::string nul = std::string(R"({"jsonrpc":"2.0","id":1,"method":"m"})") + '\0' + "{}";
  const Invalid refused = invalid(nul);
  CHECK(refused.code == Code::parse_error);
  REQUIRE(refused.id);
  CHECK(refused.id->text == "1");
  CHECK(invalid(R"({"jsonrpc":"2.0","id":1,"method":"m"}{})").code == Code::parse_error);
}

TEST_CASE("nesting up to the limit is served, beyond it refused with the id, however deep") {
  CHECK(std::holds_alternative<Request>(one(nested(kMaxDepth - 2))));
  for (const std::size_t depth : {kMaxDepth - 1, std::size_t{1'000'000}}) {
    const Invalid refused = invalid(nested(depth));
    CHECK(refused.code == Code::invalid_request);
    REQUIRE(refused.id);
    CHECK(refused.id->text == "9");
  }
}

TEST_CASE("two members of one name are refused in small and in large objects") {
  CHECK(invalid(R"({"jsonrpc":"2.0","id":1,"method":"a","method":"b"})").code ==
        Code::invalid_request);
  std::string large = R"({"jsonrpc":"2.0","id":1,"method":"a","params":{)";
  for (int i = 0; i < 2000; ++i) large += "\"k" + std::to_string(i) + "\":0,";
  CHECK(std::holds_alternative<Request>(one(large + R"("last":0}})")));
  CHECK(std::holds_alternative<Invalid>(one(large + R"("k7":0}})")));
}

TEST_CASE("a batch keeps its order and its faulty elements, an empty one is an error") {
  auto parsed =
      parse(R"([{"jsonrpc":"2.0","id":1,"method":"a"},7,{"jsonrpc":"2.0","method":"b"}])");
  const auto& batch = std::get<Batch>(parsed);
  REQUIRE(batch.size() == 3);
  CHECK(std::holds_alternative<Request>(batch[0]));
  CHECK(std::holds_alternative<Invalid>(batch[1]));
  CHECK(std::holds_alternative<Notification>(batch[2]));
  CHECK(invalid("[]").code == Code::invalid_request);
}

TEST_CASE("parameters that are not an object are refused with the id") {
  const Invalid refused = invalid(R"({"jsonrpc":"2.0","id":3,"method":"m","params":[1]})");
  CHECK(refused.code == Code::invalid_params);
  REQUIRE(refused.id);
}

TEST_CASE("what is printed is one line of valid JSON whatever it is given") {
  CHECK(print_result(Id{"1"}, R"({"a":1})") == R"({"jsonrpc":"2.0","id":1,"result":{"a":1}})");
  CHECK(print_error({}, Code::parse_error, "a\n\xFF", nullptr) ==
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":"
        "\"a\\n\xEF\xBF\xBD\"}}");
  CHECK(print_error(Id{"2"}, Code::invalid_params, "x", Json{{"k", 1}}) ==
        R"({"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"x","data":{"k":1}}})");
  CHECK(print_notification("n", Json::object()) == R"({"jsonrpc":"2.0","method":"n","params":{}})");
}

TEST_CASE("values are printed as they were read") {
  const char* text =
      R"({"b":[1,-2,18446744073709551615,0.5,1e+30,true,null,""],"a":{"é€😀":"\"\\\n\u0001"}})";
  CHECK(print(*parse_json(text)) == text);
  CHECK(print(Json(std::numeric_limits<double>::infinity())) == "null");
  CHECK(print_string("a\xE2\x82x\xFF") == "\"a\xEF\xBF\xBD\xEF\xBF\xBDx\xEF\xBF\xBD\"");
}

TEST_CASE("compact text is what printing the value gives, blanks within strings included") {
  const char* text = "{ \"a b\" :\t[ 1 , \" é \\\" \\\\\" , {} ,\r\n true ] ,\n \"\" : \"\" }\n";
  CHECK(compact(text) == print(*parse_json(text)));
}
