// Tries to make the client send what it must not, follow where it must not, or take in more than it
// can hold.
#include <doctest/doctest.h>

#include <future>
#include <string>
#include <vector>

#include "fakes/certificates.h"
#include "fakes/http_message.h"
#include "fakes/sockets.h"
#include "fault/net_service.h"

using namespace motion_mcp;
using namespace std::string_view_literals;
using net::HttplibClient;

namespace {

constexpr std::size_t kMebibyte = 1024 * 1024;

std::string bytes_url(const Service& service, std::size_t count) {
  return service.url("/bytes?count=" + std::to_string(count));
}

}  // namespace

TEST_CASE("the service sees who we are, the target byte for byte, and our headers") {
  const Service service;
  HttplibClient::Options options;
  options.user_agent = "motion-mcp/1.2.3";
  HttplibClient client(options);
  const std::string target = "/json?a=b+c,d;e&f=%2Fg%20h'&X-Goog-Signature=ab%2B";
  auto request = get(service.url(target + "#fragment"));
  request.headers = {{"Authorization", "Bearer motion_x"}};
  REQUIRE(client.send(request, in_a_while(), {}));
  const auto seen = service.requests().at(0);
  CHECK(seen.target == target);
  CHECK(seen.get_header_value("User-Agent") == "motion-mcp/1.2.3");
  CHECK(seen.get_header_value("Authorization") == "Bearer motion_x");
  CHECK(seen.get_header_value("Host") == "127.0.0.1:" + std::to_string(service.port()));
  CHECK(seen.get_header_value_count("Host") == 1);
  CHECK(seen.get_header_value_count("Accept-Encoding") == 1);
}

TEST_CASE("a compressed answer arrives readable") {
  const Service service;
  HttplibClient client({});
  const auto response = client.send(get(service.url("/json")), in_a_while(), {});
  REQUIRE(response);
  CHECK(response->body == R"({"ok":true})");
  CHECK(net::find_header(response->headers, "Content-Encoding") == "gzip");
}

TEST_CASE("a redirect is returned, never followed") {
  const Service service;
  const Service elsewhere;
  HttplibClient client({});
  auto request = get(service.url("/redirect?to=" + elsewhere.url("/json")));
  request.headers = {{"Authorization", "Bearer motion_x"}};
  const auto response = client.send(request, in_a_while(), {});
  REQUIRE(response);
  CHECK(response->status == 302);
  CHECK(net::find_header(response->headers, "location") == elsewhere.url("/json"));
  CHECK(elsewhere.requests().empty());
}

TEST_CASE("a body of 8 MiB is taken, one byte more is not") {
  const Service service;
  HttplibClient client({});
  const auto whole = client.send(get(bytes_url(service, 8 * kMebibyte)), in_a_while(), {});
  REQUIRE(whole);
  CHECK(whole->body.size() == 8 * kMebibyte);
  const auto refused = client.send(get(bytes_url(service, 8 * kMebibyte + 1)), in_a_while(), {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::interrupted);
  CHECK(refused.error().message.find("8 MiB") != std::string::npos);
  CHECK(client.send(get(service.url("/json")), in_a_while(), {}));
}

TEST_CASE("headers without end are not taken either") {
  const fakes::LoopbackPort port;
  auto server = std::async(std::launch::async, [&] {
    const fakes::Socket client = port.accept_within(10'000);
    fakes::HttpMessageReader(client).read_head();
    client.write("HTTP/1.1 200 OK\r\n");
    const std::string header = "X-Long: " + std::string(4000, 'x') + "\r\n";
    std::size_t sent = 0;
    while (sent < 9 * kMebibyte && client.write(header)) sent += header.size();
    client.write("Content-Length: 0\r\n\r\n");
  });
  HttplibClient client({});
  const auto response =
      client.send(get("http://127.0.0.1:" + std::to_string(port.number()) + "/"), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::interrupted);
}

TEST_CASE("a sink takes any amount, and only of a success") {
  const Service service;
  HttplibClient client({});
  std::size_t taken = 0;
  const net::BodySink sink = [&](std::string_view bytes) {
    taken += bytes.size();
    return true;
  };
  const auto response =
      client.send(get(bytes_url(service, 20 * kMebibyte)), in_a_while(), {}, sink);
  REQUIRE(response);
  CHECK(response->body.empty());
  CHECK(taken == 20 * kMebibyte);

  const auto gone = client.send(get(service.url("/fail")), in_a_while(), {}, sink);
  REQUIRE(gone);
  CHECK(gone->status == 410);
  CHECK(gone->body == "gone");
  CHECK(taken == 20 * kMebibyte);
}

TEST_CASE("a sink is shown the head of a success once, before its bytes, and may refuse it") {
  const Service service;
  HttplibClient client({});
  std::vector<std::string> seen;
  const net::BodySink sink(
      [&](const net::HttpResponse& head) {
        seen.push_back(std::to_string(head.status) + " " +
                       std::string(net::find_header(head.headers, "content-length").value_or("")));
        return seen.size() < 2;
      },
      [&](std::string_view) {
        if (seen.back() != "bytes") seen.emplace_back("bytes");
        return true;
      });
  REQUIRE(client.send(get(bytes_url(service, kMebibyte)), in_a_while(), {}, sink));
  CHECK(seen == std::vector<std::string>{"200 1048576", "bytes"});
  REQUIRE(client.send(get(service.url("/fail")), in_a_while(), {}, sink));
  CHECK(seen.size() == 2);
  const auto refused = client.send(get(bytes_url(service, kMebibyte)), in_a_while(), {}, sink);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::cancelled);
  CHECK(seen.back() == "200 1048576");
}

TEST_CASE("a sink that says no ends the transfer") {
  const Service service;
  HttplibClient client({});
  const auto response = client.send(get(bytes_url(service, 20 * kMebibyte)), in_a_while(), {},
                                    [](std::string_view) { return false; });
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::cancelled);
}

TEST_CASE("a header that would smuggle another is refused, and nothing is sent") {
  const Service service;
  HttplibClient client({});
  for (const std::string_view value : {"x\r\nX-Evil: 1"sv, "x\ny"sv, "x\0y"sv}) {
    auto request = get(service.url("/json"));
    request.headers = {{"X-Note", std::string(value)}};
    const auto response = client.send(request, in_a_while(), {});
    REQUIRE_FALSE(response);
    CHECK(response.error().kind == ErrorKind::invalid_argument);
  }
  CHECK(service.requests().empty());
}

TEST_CASE("plain http leaves this machine never") {
  HttplibClient client({});
  const auto response = client.send(get("http://api.motion.example/"), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK(response.error().next_step.find("https://") != std::string::npos);
}
