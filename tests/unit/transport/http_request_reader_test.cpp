// HTTP/1 requests out of bytes. These tests try to smuggle one request into another, to make the
// reader hold more than its limits, and to get a meaning out of bytes that two servers would read
// differently.
#include "transport/http_request_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace motion_mcp;
using transport::HttpRequestLimits;
using transport::HttpRequestReader;
using State = HttpRequestReader::State;

namespace {

struct Read {
  State state = State::incomplete;
  int status = 0;
  std::string why;
  transport::HttpRequest request;
  bool keeps_alive = false;
  std::string rest;
};

// Reads `bytes`, `piece` at a time.
Read read(const std::string& bytes, std::size_t piece = std::string::npos,
          const HttpRequestLimits& limits = {}) {
  HttpRequestReader reader(limits);
  Read result;
  std::string buffer;
  for (std::size_t at = 0; at < bytes.size() && result.state == State::incomplete;) {
    const std::string next = bytes.substr(at, piece);
    at += next.size();
    buffer += next;
    result.state = reader.read(buffer);
    if (result.state != State::incomplete) result.rest = buffer + bytes.substr(at);
  }
  if (result.state == State::refused) {
    result.status = reader.status();
    result.why = reader.why();
  }
  if (result.state == State::complete) {
    result.keeps_alive = reader.keeps_alive();
    result.request = reader.request();
  }
  return result;
}

std::string get(const std::string& headers = "") {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

std::string post(const std::string& headers, const std::string& body) {
  return "POST /mcp HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

}  // namespace

TEST_CASE("a request is the same however its bytes are cut") {
  const std::string plain = post("Content-Length: 5\r\nX-A:  b c \r\n", "hello");
  const std::string in_chunks = chunked("3\r\nhel\r\n2;x=\"y\"\r\nlo\r\n0\r\nTrailer: x\r\n\r\n");
  for (const std::size_t piece : {1UL, 2UL, 7UL, 1000UL}) {
    CAPTURE(piece);
    for (const std::string& bytes : {plain, in_chunks}) {
      const Read result = read(bytes + "GET /next", piece);
      REQUIRE(result.state == State::complete);
      CHECK(result.request.method == "POST");
      CHECK(result.request.target == "/mcp");
      CHECK(result.request.body == "hello");
      CHECK(result.rest == "GET /next");
      CHECK(result.keeps_alive);
      CHECK(transport::find_header(result.request.headers, "Trailer").count == 0);
    }
  }
}

TEST_CASE("header values arrive as they were sent: nothing is decoded") {
  const Read result = read(get("Authorization: Bearer a%41%0d%0a\r\n"));
  REQUIRE(result.state == State::complete);
  CHECK(transport::find_header(result.request.headers, "authorization").value ==
        "Bearer a%41%0d%0a");
}

TEST_CASE("framing that two servers could read differently is refused") {
  struct Row {
    const char* what;
    std::string bytes;
  };
  using namespace std::string_literals;
  const std::vector<Row> rows = {
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},
      {"two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
      {"a list of lengths", post("Content-Length: 5, 5\r\n", "hello")},
      {"a signed length", post("Content-Length: +5\r\n", "hello")},
      {"a length that overflows", post("Content-Length: 99999999999999999999\r\n", "hello")},
      {"an empty length", post("Content-Length:\r\n", "hello")},
      {"length and coding",
       post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"coding and length",
       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
      {"another coding", post("Transfer-Encoding: gzip\r\n", "x")},
      {"chunked and more", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
      {"chunked twice",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"a coding in disguise", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
      {"a blank before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
      {"a header without a colon", get("Nonsense\r\n")},
      {"a folded header", get("X-A: b\r\n c\r\n")},
      {"a first line that is folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
      {"no host", "GET / HTTP/1.1\r\n\r\n"},
      {"two hosts", get("Host: b\r\n")},
      {"LF alone", "GET / HTTP/1.1\nHost: a\n\n"},
      {"LF alone at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
      {"CR within", get("X-A: b\rc\r\n")},
      {"NUL within", get("X-A: b\0c\r\n"s)},
      {"a control character", get("X-A: b\x01\r\n")},
      {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a blank too many", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HTTP/0.9", "GET /\r\nHost: a\r\n\r\n"},
      {"two empty lines before", "\r\n\r\n" + get()},
      {"a chunk without a size", chunked("\r\nhello\r\n0\r\n\r\n")},
      {"a negative chunk", chunked("-5\r\nhello\r\n0\r\n\r\n")},
      {"a chunk size in 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n")},
      {"a chunk size that overflows", chunked("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")},
      {"a chunk longer than its size", chunked("2\r\nhello\r\n0\r\n\r\n")},
      {"a chunk size line with LF alone", chunked("5\nhello\r\n0\r\n\r\n")},
      {"a long chunk extension",
       chunked("5;x=" + std::string(300, 'y') + "\r\nhello\r\n0\r\n\r\n")},
      {"a chunk extension whose quotes do not end", chunked("5;x=\"y\r\nhello\r\n0\r\n\r\n")},
      {"an endless chunk extension", chunked("5;x=" + std::string(8000, 'y'))},
      {"endless trailers", chunked("0\r\nX: " + std::string(8000, 'y'))},
  };
  for (const Row& row : rows) {
    for (const std::size_t piece : {1UL, 100'000UL}) {
      CAPTURE(row.what);
      CAPTURE(piece);
      const Read result = read(row.bytes, piece);
      CHECK(result.state == State::refused);
      CHECK(result.status == 400);
    }
  }
}

TEST_CASE("what is unusual and unambiguous passes") {
  CHECK(read("\r\n" + get()).state == State::complete);
  CHECK(read(post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n")).state == State::complete);
  CHECK(read(get("X-Empty:\r\n")).state == State::complete);
  CHECK(read(chunked("00005\r\nhello\r\n0\r\n\r\n")).request.body == "hello");
  CHECK(read(chunked("A\r\n0123456789\r\n0\r\n\r\n")).request.body == "0123456789");
}

TEST_CASE("limits: one more than allowed is refused, that many are not") {
  HttpRequestLimits limits;
  limits.head.bytes = 2048;
  limits.head.headers = 10;
  limits.body_bytes = 100;
  const auto status = [&](const std::string& bytes) { return read(bytes, 512, limits).status; };

  CHECK(status(post("Content-Length: 100\r\n", std::string(100, 'x'))) == 0);
  CHECK(status(post("Content-Length: 101\r\n", "")) == 413);
  CHECK(status(chunked("64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n")) == 0);
  CHECK(status(chunked("64\r\n" + std::string(100, 'x') + "\r\n1\r\ny\r\n0\r\n\r\n")) == 413);
  CHECK(status(chunked("65\r\n")) == 413);

  std::string headers;
  for (int i = 0; i < 9; ++i) headers += "X: y\r\n";
  CHECK(status(get(headers)) == 0);  // Host is one, too
  CHECK(status(get(headers + "X: y\r\n")) == 431);
  CHECK(status(get("X: " + std::string(1900, 'y') + "\r\n")) == 0);
  CHECK(status(get("X: " + std::string(2100, 'y') + "\r\n")) == 431);
  CHECK(status("GET /" + std::string(3000, 'y')) == 431);
}

TEST_CASE("versions and the connection's life") {
  CHECK(read("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keeps_alive);
  CHECK_FALSE(read(get("Connection: Close\r\n")).keeps_alive);
  CHECK_FALSE(read("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n").keeps_alive);
  CHECK(read("GET / HTTP/2.0\r\nHost: a\r\n\r\n").status == 505);
}

TEST_CASE("an expectation is told as soon as the head is there") {
  HttpRequestReader reader{HttpRequestLimits{}};
  std::string bytes = post("Content-Length: 2\r\nExpect: 100-Continue\r\n", "");
  CHECK(reader.read(bytes) == State::incomplete);
  CHECK(reader.has_head());
  CHECK(reader.expects_continue());
  bytes = "ok";
  CHECK(reader.read(bytes) == State::complete);
  CHECK(read(get("Expect: payment\r\n")).status == 417);
  CHECK(read(post("Expect: payment\r\nTransfer-Encoding: chunked\r\n", "no chunk")).status == 417);
}
