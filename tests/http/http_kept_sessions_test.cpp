// Sessions that a server keeps. These tests try to use another owner's, to use one that ended, to
// lose a message between two streams, and to be given it twice.
#include "transport/http_kept_sessions.h"

#include <future>

#include "base/owner.h"

#include "http/front_fixture.h"
#include "transport/http_exchange.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using transport::HttpExchange;
using transport::HttpReply;
using transport::HttpRequest;
using transport::HttpWork;

namespace {

constexpr std::string_view kLater = R"({"name": "later", "inputSchema": {"type": "object"}})";

struct KeptFront : Front {
  std::shared_ptr<mcp::Changes> changes = std::make_shared<mcp::Changes>();
  mcp::Server keeping{toy_info(), features()};
  std::shared_ptr<transport::KeptSessions> sessions =
      std::make_shared<transport::KeptSessions>(transport::KeptSessions::Limits{2}, clock);
  transport::HttpFront endpoint{keeping, {{kHost}, {}, "", ""}, admission, keys, sessions};

  // "later" lets go of its stream before it answers.
  mcp::Features features() {
    mcp::Features offered;
    offered.tools = {{kLater, {[](const mcp::ToolCall& call) {
                        call.progress({1, 2, "begun"});
                        if (call.suspend) call.suspend();
                        call.progress({2, 2, "done"});
                        mcp::ToolResult result;
                        result.content.push_back(mcp::text_content("the answer"));
                        return result;
                      }}}};
    offered.changes = changes;
    return offered;
  }

  HttpReply reply_to(const HttpRequest& request) const {
    return std::get<HttpReply>(endpoint.serve(request).step);
  }
  HttpWork work_for(const HttpRequest& request) const {
    return std::get<HttpWork>(endpoint.serve(request).step);
  }
  std::string open() const {
    return header(reply_to(legacy("initialize", R"("protocolVersion":"2025-11-25")")),
                  "Mcp-Session-Id");
  }
};

HttpRequest of_session(const char* method, const std::string& id) {
  HttpRequest request = without(post(""), "Content-Type");
  request.method = method;
  request.headers.emplace_back("Mcp-Session-Id", id);
  return request;
}

HttpRequest in_session(HttpRequest request, const std::string& id) {
  return with(std::move(request), "Mcp-Session-Id", id);
}

// All that a stream brings until it ends by itself, or until `stop`.
std::string stream_of(const HttpWork& work, const std::stop_token& stop = {}) {
  std::string text;
  mcp::RunContext context;
  context.stop = stop;
  context.notify = [&](std::string_view events) { text += events; };
  work.run(context);
  return text;
}

}  // namespace

TEST_CASE("a kept session is its owner's, until it ends") {
  const KeptFront front;
  const std::string id = front.open();
  REQUIRE_FALSE(id.empty());
  const HttpRequest ping = in_session(legacy("ping", ""), id);
  CHECK(front.reply_to(ping).status == 200);
  CHECK(front.reply_to(with(ping, "Authorization", "Bearer motion_somebody_else")).status == 404);
  CHECK(
      front.reply_to(with(of_session("DELETE", id), "Authorization", "Bearer motion_somebody_else"))
          .status == 404);
  CHECK(front.reply_to(of_session("DELETE", id)).status == 204);
  CHECK(front.reply_to(ping).status == 404);
  CHECK(front.reply_to(in_session(post("[" + legacy("ping", "").body + "]"), id)).status == 404);
  CHECK(front.reply_to(of_session("GET", id)).status == 404);
  CHECK(front.reply_to(of_session("DELETE", id)).status == 404);
  CHECK(front.reply_to(without(of_session("GET", id), "Mcp-Session-Id")).status == 400);
  CHECK(front.reply_to(legacy("ping", "")).status == 200);  // none is needed
}

TEST_CASE("what a session agreed on holds for its later requests") {
  const KeptFront front;
  const std::string id = front.open();
  const auto session = front.sessions->find(base::owner_id(kKey), id);
  REQUIRE(session);
  CHECK(session->connection().log_level == mcp::LogLevel::info);
  CHECK(session->connection().changes != nullptr);
  CHECK(front.reply_to(in_session(legacy("logging/setLevel", R"("level":"error")"), id)).status ==
        200);
  CHECK(session->connection().log_level == mcp::LogLevel::error);
}

TEST_CASE("beyond the limit the session that was idle for longest ends, and so do old ones") {
  KeptFront front;
  const std::string first = front.open();
  front.clock.advance(std::chrono::seconds(1));
  const std::string second = front.open();
  front.clock.advance(std::chrono::seconds(1));
  CHECK(front.reply_to(in_session(legacy("ping", ""), first)).status == 200);
  front.clock.advance(std::chrono::seconds(1));
  const std::string third = front.open();
  CHECK(front.reply_to(in_session(legacy("ping", ""), first)).status == 200);
  CHECK(front.reply_to(in_session(legacy("ping", ""), second)).status == 404);
  front.clock.advance(std::chrono::minutes(31));
  front.open();
  CHECK(front.reply_to(in_session(legacy("ping", ""), third)).status == 404);
}

TEST_CASE("a session's own stream tells of changes, of those before it was opened too") {
  KeptFront front;
  const std::string id = front.open();
  front.changes->announce({mcp::Change::Kind::tools});
  std::stop_source stop;
  std::string text;
  const HttpWork work = front.work_for(of_session("GET", id));
  CHECK(work.ends_with_client);
  mcp::RunContext context;
  context.stop = stop.get_token();
  context.notify = [&](std::string_view events) {
    text += events;
    stop.request_stop();
  };
  CHECK(work.run(context).status == 200);
  CHECK(text.find("id: 0-1\nevent: message\ndata: ") != std::string::npos);
  CHECK(text.find("notifications/tools/list_changed") != std::string::npos);
  CHECK(front.reply_to(with(of_session("GET", id), "Accept", "application/json")).status == 406);
}

TEST_CASE("a stream that was let go of is gone on with, from the event after the last") {
  const KeptFront front;
  const std::string id = front.open();
  HttpWork work = front.work_for(
      in_session(legacy("tools/call", R"("name":"later","_meta":{"progressToken":"p"})"), id));
  CHECK_FALSE(work.ends_with_client);
  HttpExchange exchange(std::move(work), [] {}, {});
  exchange.run();
  const HttpExchange::Output output = exchange.take();
  CHECK(output.is_suspended);
  CHECK(output.events.find("id: 1-0\nretry: 500\ndata: \n\nid: 1-1\n") == 0);
  CHECK(output.events.find("begun") != std::string::npos);
  CHECK(output.events.find("done") == std::string::npos);
  CHECK(output.events.find("the answer") == std::string::npos);

  const auto rest = [&](const char* last) {
    return stream_of(front.work_for(with(of_session("GET", id), "Last-Event-ID", last)));
  };
  CHECK(rest("1-0").find("begun") != std::string::npos);
  CHECK(rest("1-1").find("begun") == std::string::npos);
  CHECK(rest("1-1").find("id: 1-2\n") != std::string::npos);
  CHECK(rest("1-1").find("the answer") != std::string::npos);
  CHECK(rest("1-2").find("done") == std::string::npos);
  CHECK(rest("1-2").find("id: 1-3\n") != std::string::npos);
  for (const char* unknown : {"9-1", "1", "x-1", "1-", "1-1x"}) {
    CAPTURE(unknown);
    const HttpWork lost = front.work_for(with(of_session("GET", id), "Last-Event-ID", unknown));
    CHECK(lost.run({{}, [](std::string_view) { FAIL("nothing is to come"); }}).status == 404);
  }
}

TEST_CASE("who comes back early waits for the rest") {
  transport::KeptSessions sessions({}, base::system_clock());
  const auto session = sessions.begin("ada");
  const auto writer = session->begin_stream();
  std::promise<void> opened;
  std::string text;
  auto reading = std::async(std::launch::async, [&] {
    mcp::RunContext context;
    context.notify = [&, first = true](std::string_view events) mutable {
      if (std::exchange(first, false)) opened.set_value();
      text += events;
    };
    return session->resume("1-0", context);
  });
  opened.get_future().wait();
  writer->event("{}");
  writer->last_event(R"({"id":1})");
  CHECK(reading.get());
  CHECK(text ==
        ": open\n\nid: 1-1\nevent: message\ndata: {}\n\nid: 1-2\nevent: message\ndata: "
        "{\"id\":1}\n\n");
}

TEST_CASE("the end of a session ends its streams") {
  transport::KeptSessions sessions({}, base::system_clock());
  const auto session = sessions.begin("ada");
  auto reading = std::async(std::launch::async, [&] {
    return session->resume("", {{}, [](std::string_view) {}});
  });
  CHECK(sessions.end("ada", session->id()));
  CHECK(reading.get());
}
