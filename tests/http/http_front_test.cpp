// Streamable HTTP without sockets. These tests try to be served in the wrong era, to slip a header
// past the body it must match, and to get another status than the specification's.
#include "transport/http_front.h"

#include "http/front_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using transport::HttpReply;
using transport::HttpRequest;

namespace {

constexpr const char* kEcho = R"("name":"echo","arguments":{"text":"hi"})";

struct Row {
  const char* what;
  HttpRequest request;
  int status;
  int code;  // of the JSON-RPC error, 0 for none
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Front front;
    const HttpReply reply = front.serve(row.request);
    CHECK(reply.status == row.status);
    CHECK((reply.body.empty() ? 0 : code_of(reply)) == row.code);
  }
}

HttpRequest version(HttpRequest request, const char* value) {
  return with(std::move(request), "MCP-Protocol-Version", value);
}

}  // namespace

TEST_CASE("places and methods that are not the endpoint's") {
  HttpRequest elsewhere = legacy("ping", "");
  elsewhere.target = "/";
  HttpRequest with_query = legacy("ping", "");
  with_query.target = "/mcp?x=1";
  HttpRequest get = legacy("ping", "");
  get.method = "GET";
  HttpRequest remove = legacy("ping", "");
  remove.method = "DELETE";
  HttpRequest put = legacy("ping", "");
  put.method = "PUT";
  check({{"another path", elsewhere, 404, -32600},
         {"a query is no part of the path", with_query, 200, 0},
         {"GET offers no stream", get, 405, -32600},
         {"DELETE ends no session", remove, 405, -32600},
         {"PUT", put, 405, -32600}});
  Front front;
  CHECK(header(front.serve(get), "Allow") == "POST, OPTIONS");
}

TEST_CASE("bodies that are no message") {
  check({{"another content type", with(legacy("ping", ""), "Content-Type", "text/plain"), 415,
          -32600},
         {"none", without(legacy("ping", ""), "Content-Type"), 415, -32600},
         {"with parameters",
          with(legacy("ping", ""), "Content-Type", "Application/JSON; charset=utf-8"), 200, 0},
         {"not JSON", post("{nonsense"), 400, -32700},
         {"empty", post(""), 400, -32700},
         {"a number", post("7"), 400, -32600},
         {"deep", post(std::string(1 << 20, '[')), 400, -32600}});
}

TEST_CASE("Accept is judged leniently: one type that we send is enough, none at all is any") {
  check({{"JSON alone", with(legacy("ping", ""), "Accept", "application/json"), 200, 0},
         {"any", with(legacy("ping", ""), "Accept", "*/*"), 200, 0},
         {"a group", with(legacy("ping", ""), "Accept", "text/html, application/*;q=0.5"), 200, 0},
         {"none", without(legacy("ping", ""), "Accept"), 200, 0},
         {"in the second of two",
          [] {
            HttpRequest request = with(legacy("ping", ""), "Accept", "text/html");
            request.headers.emplace_back("accept", "application/json");
            return request;
          }(),
          200, 0},
         {"neither", with(legacy("ping", ""), "Accept", "text/html"), 406, -32600}});
}

TEST_CASE("requests of 2026-07-28: the body first, then the headers that must repeat it") {
  const HttpRequest call = modern("tools/call", kEcho, {{"Mcp-Name", "echo"}});
  const auto also = [&](const char* name, const char* value) {
    HttpRequest request = call;
    request.headers.emplace_back(name, value);
    return request;
  };
  const std::string good =
      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";
  check({
      {"served", call, 200, 0},
      {"no version header", without(call, "MCP-Protocol-Version"), 400, -32020},
      {"another version header", version(call, "2025-11-25"), 400, -32020},
      {"no method header", without(call, "Mcp-Method"), 400, -32020},
      {"another method header", with(call, "Mcp-Method", "tools/list"), 400, -32020},
      {"another case of the method", with(call, "Mcp-Method", "Tools/Call"), 400, -32020},
      {"blanks around the method", with(call, "Mcp-Method", "  tools/call\t"), 200, 0},
      {"no name header", without(call, "Mcp-Name"), 400, -32020},
      {"another name header", with(call, "Mcp-Name", "fail"), 400, -32020},
      {"a wrapped name", with(call, "Mcp-Name", "=?base64?ZWNobw==?="), 200, 0},
      {"two names of which the first is right", also("Mcp-Name", "fail"), 400, -32020},
      {"two methods of which the first is right", also("mcp-method", "tools/list"), 400, -32020},
      {"a badly wrapped name", with(call, "Mcp-Name", "=?base64?ZWNobw?="), 400, -32020},
      {"header names in any case", with(without(call, "Mcp-Method"), "mCP-mETHOD", "tools/call"),
       200, 0},
      {"an unsupported version, headers agreeing",
       version(
           legacy(
               "server/discover",
               R"("_meta":{"io.modelcontextprotocol/protocolVersion":"v999.0.0","io.modelcontextprotocol/clientCapabilities":{}})",
               {{"Mcp-Method", "server/discover"}}),
           "v999.0.0"),
       400, -32022},
      {"an unsupported version that the header contradicts",
       version(
           legacy(
               "server/discover",
               R"("_meta":{"io.modelcontextprotocol/protocolVersion":"v999.0.0","io.modelcontextprotocol/clientCapabilities":{}})",
               {{"Mcp-Method", "server/discover"}}),
           "2026-07-28"),
       400, -32020},
      {"no capabilities",
       version(legacy("tools/list",
                      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"})",
                      {{"Mcp-Method", "tools/list"}}),
               "2026-07-28"),
       400, -32602},
      {"no claim at all, but the header", version(legacy("tools/list", ""), "2026-07-28"), 400,
       -32602},
      {"initialize with the header alone",
       version(legacy("initialize", R"("protocolVersion":"2026-07-28")"), "2026-07-28"), 400,
       -32020},
      {"a method that is not there", modern("no/such", ""), 404, -32601},
      {"initialize", modern("initialize", ""), 404, -32601},
      {"ping", modern("ping", ""), 404, -32601},
      {"an unknown tool", modern("tools/call", R"("name":"nobody")", {{"Mcp-Name", "nobody"}}), 200,
       -32602},
      {"in a batch", post("[" + legacy("tools/list", good).body + "]"), 400, -32600},
      {"a batch under the header",
       version(post(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])"), "2026-07-28"), 400, -32600},
  });
}

TEST_CASE("a resource is named by its URI in Mcp-Name, and one that is missing is no bad request") {
  const auto read = [](const std::string& uri, const std::string& name) {
    return modern("resources/read", R"("uri":")" + uri + "\"", {{"Mcp-Name", name}});
  };
  const HttpRequest text = read("test://text", "test://text");
  check({{"served", text, 200, 0},
         {"no name header", without(text, "Mcp-Name"), 400, -32020},
         {"another URI", with(text, "Mcp-Name", "test://binary"), 400, -32020},
         {"a wrapped URI", with(text, "Mcp-Name", "=?base64?dGVzdDovL3RleHQ=?="), 200, 0},
         {"of a template", read("test://template/1/data", "test://template/1/data"), 200, 0},
         {"nobody's", read("test://nobody", "test://nobody"), 200, -32602},
         {"nobody's, in an old version",
          version(legacy("resources/read", R"("uri":"test://nobody")"), "2025-11-25"), 200, -32002},
         {"a list", modern("resources/list", ""), 200, 0},
         {"a list of templates", modern("resources/templates/list", ""), 200, 0},
         {"a subscription", modern("resources/subscribe", R"("uri":"test://text")"), 404, -32601}});
}

TEST_CASE("reading a resource takes a place as any call, and counts as none that is paid") {
  Front front({.in_flight = 1, .in_flight_per_owner = 1, .paid_per_minute = 0});
  const HttpRequest read = legacy("resources/read", R"("uri":"test://text")");
  CHECK(front.serve(legacy("tools/call", kEcho)).status == 429);
  CHECK(front.serve(read).status == 200);
  const auto held = front.front.serve(read).step;
  REQUIRE(std::holds_alternative<transport::HttpWork>(held));
  CHECK(std::get<transport::HttpWork>(held).ends_with_client);
  CHECK(front.serve(read).status != 200);
}

TEST_CASE("requests of the versions with a handshake need no session, nor the version header") {
  const HttpRequest initialize = legacy("initialize", R"("protocolVersion":"2025-06-18")");
  check(
      {{"initialize", initialize, 200, 0},
       {"2024-11-05 over POST", legacy("initialize", R"("protocolVersion":"2024-11-05")"), 200, 0},
       {"a call without a version", legacy("tools/call", kEcho), 200, 0},
       {"with one", version(legacy("tools/call", kEcho), "2025-11-25"), 200, 0},
       {"with an unknown one", version(legacy("tools/call", kEcho), "2025-01-01"), 400, -32600},
       {"with nonsense", version(legacy("tools/call", kEcho), "1.0"), 400, -32600},
       {"with nonsense that sorts behind all dates", version(legacy("tools/call", kEcho), "v9"),
        400, -32600},
       {"with almost a date", version(legacy("tools/call", kEcho), "2026-07-28a"), 400, -32600},
       {"with a date to come", version(legacy("tools/call", kEcho), "2099-01-01"), 400, -32602},
       {"a method that is not there", legacy("no/such", ""), 200, -32601},
       {"with a session of another server's",
        with(legacy("tools/list", ""), "Mcp-Session-Id", "abc"), 200, 0}});
  Front front;
  CHECK(header(front.serve(initialize), "Mcp-Session-Id").empty());
}

TEST_CASE("the version header decides how a result looks") {
  Front front;
  const auto content = [&](const HttpRequest& request) {
    return Json::parse(front.serve(request).body)["result"]["content"].size();
  };
  CHECK(content(legacy("tools/call", kEcho)) == 1);
  CHECK(content(version(legacy("tools/call", kEcho), "2025-03-26")) == 1);
  CHECK(content(version(legacy("tools/call", kEcho), "2025-06-18")) == 2);
}

TEST_CASE("notifications and answers are taken with 202 and nothing else") {
  for (const char* body :
       {R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})",
        R"({"jsonrpc":"2.0","id":1,"result":{}})"}) {
    Front front;
    for (const HttpRequest& request : {post(body), version(post(body), "2026-07-28")}) {
      const HttpReply reply = front.serve(request);
      CHECK(reply.status == 202);
      CHECK(reply.body.empty());
    }
    CHECK(front.serve(version(post(body), "2099-01-01")).status == 202);
    CHECK(front.serve(version(post(body), "garbage")).status == 400);
  }
}

TEST_CASE("batches are served where the version has them") {
  const std::string batch =
      R"([{"jsonrpc":"2.0","id":"a","method":"ping"},)"
      R"({"jsonrpc":"2.0","method":"notifications/initialized"},)"
      R"({"jsonrpc":"2.0","id":"b","method":"tools/call","params":{"name":"fail"}}])";
  for (const HttpRequest& request :
       {post(batch), version(post(batch), "2025-03-26"), version(post(batch), "2024-11-05")}) {
    Front front;
    const Json answers = Json::parse(front.serve(request).body);
    REQUIRE(answers.size() == 2);
    CHECK(answers[0]["id"] == "a");
    CHECK(answers[1]["result"]["isError"] == true);
  }
  check({{"removed in 2025-06-18", version(post(batch), "2025-06-18"), 400, -32600},
         {"empty", post("[]"), 400, -32600}});
  Front front;
  CHECK(front.serve(post(R"([{"jsonrpc":"2.0","method":"notifications/initialized"}])")).status ==
        202);
}

TEST_CASE("who leaves ends the call in the new era, and only a call that reads in the old one") {
  Front front;
  const auto ends = [&](const HttpRequest& request) {
    const auto step = front.front.serve(request).step;
    return std::get<transport::HttpWork>(step).ends_with_client;
  };
  CHECK(ends(modern("tools/call", kEcho, {{"Mcp-Name", "echo"}})));
  CHECK_FALSE(ends(legacy("tools/call", kEcho)));
  CHECK(ends(modern("subscriptions/listen", R"("notifications":{})")));
}

TEST_CASE("a call that is refused at once takes no place, so it is answered when all are taken") {
  Front front({.in_flight = 0, .in_flight_per_owner = 0, .paid_per_minute = 0});
  const auto refused = [&](const char* arguments) {
    const HttpRequest request = legacy("tools/call", arguments);
    const auto step = front.front.serve(request).step;
    REQUIRE(std::holds_alternative<HttpReply>(step));
    const auto& reply = std::get<HttpReply>(step);
    return reply.status == 200 && Json::parse(reply.body)["result"]["isError"] == true;
  };
  CHECK(refused(R"("name":"echo","arguments":{"text":7})"));
  CHECK(refused(R"("name":"echo","arguments":{"text":"never"})"));
  CHECK(front.admission.known_owners() == 0);
  CHECK(front.serve(legacy("tools/call", kEcho)).status == 503);
}

TEST_CASE("a stream is offered to those alone who ask for it") {
  Front front;
  const auto may_stream = [&](const HttpRequest& request) {
    const auto step = front.front.serve(request).step;
    return std::get<transport::HttpWork>(step).may_stream;
  };
  CHECK(may_stream(legacy("tools/call", kEcho)));
  CHECK_FALSE(may_stream(with(legacy("tools/call", kEcho), "Accept", "application/json")));
  CHECK_FALSE(may_stream(without(legacy("tools/call", kEcho), "Accept")));
  HttpRequest in_two = with(legacy("tools/call", kEcho), "Accept", "application/json");
  in_two.headers.emplace_back("Accept", "text/event-stream");
  CHECK(may_stream(in_two));
}

TEST_CASE("errors carry the request's id") {
  Front front;
  const HttpReply reply =
      front.serve(without(modern("tools/call", kEcho, {{"Mcp-Name", "echo"}}), "Mcp-Method"));
  CHECK(Json::parse(reply.body)["id"] == 1);
}

TEST_CASE("what became of a message is told, whatever the HTTP status says") {
  Front front;
  CHECK(front.serve(legacy("tools/call", kEcho)).outcome.empty());
  CHECK(front.serve(legacy("tools/call", R"("name":"echo","arguments":{})")).outcome ==
        "tool_error");
  CHECK(front.serve(legacy("tools/call", R"("name":"nobody")")).outcome == "error");
  CHECK(front.serve(modern("no/such", "")).outcome == "error");
  CHECK(front.serve(legacy("ping", "")).outcome.empty());
}
