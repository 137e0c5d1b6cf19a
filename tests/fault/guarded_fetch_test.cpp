// The way out to strangers. These tests try to lead it into the operator's network, to another host
// than the one that was named, and to keep it busy or fill its memory.
#include "auth/guarded_fetch.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <functional>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "fakes/sockets.h"
#include "fakes/tls_server.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using auth::GuardedFetch;
using fakes::read_some;
using fakes::TestCertificates;
using fakes::TlsServer;
using fakes::write_all;

namespace {

constexpr const char* kUrl = "https://client.example/app/client.json";
constexpr std::string_view kDocument = R"({"client_id":"x"})";

std::string answer(const std::string& headers, std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + headers + "\r\n" +
         std::string(body);
}

std::string with_length(std::string_view body, const std::string& more = "") {
  return answer(more + "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

// A stranger's site on loopback, under the name client.example, and a fetch that finds it there.
struct Site {
  explicit Site(TlsServer::Serve serve,
                const std::vector<std::string>& names = {"DNS:client.example"},
                bool expired = false)
      : certificates(names, expired),
        server(certificates, std::move(serve)),
        trust(certificates.ca_file(), "") {
    options.limits.time = 20s;  // far more than anything takes
    options.limits.connect_time = 20s;
    options.port = server.port();
    options.may_reach = [](std::string_view address) { return address.starts_with("127."); };
    options.resolve = [this](const std::string& host, base::SteadyTime, const std::stop_token&) {
      asked.push_back(host);
      return net::Resolved{net::Resolved::Outcome::found, addresses, ""};
    };
  }

  Result<auth::FetchedDocument> fetch(const std::string& url = kUrl,
                                      const std::stop_token& stop = {}) {
    return GuardedFetch(trust, options).fetch(url, stop);
  }
  ErrorKind kind_of_failure(const std::string& url = kUrl) {
    const auto fetched = fetch(url);
    REQUIRE_FALSE(fetched);
    CAPTURE(fetched.error().message);
    if (url == kUrl) CHECK(fetched.error().message.find("127.") == std::string::npos);
    return fetched.error().kind;
  }

  TestCertificates certificates;
  TlsServer server;
  net::TrustStore trust;
  GuardedFetch::Options options;
  std::vector<std::string> addresses = {"127.0.0.1"};
  std::vector<std::string> asked;
};

// Answers every request with the same bytes and says goodbye.
TlsServer::Serve says(std::string bytes) {
  return [bytes = std::move(bytes)](SSL* ssl) {
    read_some(ssl);
    write_all(ssl, bytes);
    SSL_shutdown(ssl);
  };
}

}  // namespace

TEST_CASE(
    "a document is fetched from the host that was named, with nothing of ours in the request") {
  std::string request;
  std::string server_name;
  Site site([&](SSL* ssl) {
    request = read_some(ssl);
    if (const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)) server_name = name;
    write_all(ssl, with_length(kDocument, "Cache-Control: max-age=600\r\nAge: 1\r\n"));
  });
  const auto fetched = site.fetch("https://Client.Example/app/client.json?v=1");
  REQUIRE_MESSAGE(fetched, fetched.error().message);
  CHECK(fetched->body == kDocument);
  CHECK(fetched->fresh_for == 599s);
  CHECK(server_name == "client.example");
  CHECK(request ==
        "GET /app/client.json?v=1 HTTP/1.1\r\nHost: client.example\r\nAccept: application/json\r\n"
        "Accept-Encoding: identity\r\nUser-Agent: motion-mcp\r\nConnection: close\r\n\r\n");
}

TEST_CASE("bodies are read in each way that HTTP has to end one") {
  for (const std::string& bytes :
       {with_length(kDocument), answer("", kDocument),
        answer("Transfer-Encoding: chunked\r\n",
               "5;x=y\r\n{\"cli\r\n0c\r\nent_id\":\"x\"}\r\n0\r\n\r\n")}) {
    Site site(says(bytes));
    const auto fetched = site.fetch();
    REQUIRE_MESSAGE(fetched, fetched.error().message);
    CHECK(fetched->body == kDocument);
    CHECK_FALSE(fetched->fresh_for);
  }
}

TEST_CASE("JSON may have a type of its own") {
  Site site(
      says("HTTP/1.1 200 OK\r\nContent-Type: application/oauth-client+JSON ; charset=utf-8\r\n"
           "Content-Length: 2\r\n\r\n{}"));
  CHECK(site.fetch());
}

TEST_CASE("a URL that is not https on its own port is refused before a name is looked up") {
  Site site(says(with_length(kDocument)));
  for (const char* url :
       {"", "http://client.example/c", "ftp://client.example/c", "https://client.example:8443/c",
        "https://client.example:80/c", "https://user@client.example/c",
        "https://u:p@client.example/c", "https://client.example/c#f", "https://client.example/c d",
        "file:///etc/passwd", "https:///c", "//client.example/c"}) {
    CAPTURE(url);
    CHECK(site.kind_of_failure(url) == ErrorKind::invalid_argument);
  }
  CHECK(site.asked.empty());
  CHECK(site.server.accepted() == 0);
}

TEST_CASE("a name with an address that is not public is not connected to, whatever else it has") {
  Site site(says(with_length(kDocument)));
  site.options.may_reach = auth::is_public_address;
  for (const std::vector<std::string>& addresses : {std::vector<std::string>{"127.0.0.1"},
                                                    {"::1"},
                                                    {"::ffff:127.0.0.1"},
                                                    {"0.0.0.0"},
                                                    {"10.0.0.1"},
                                                    {"169.254.169.254"},
                                                    {"fd00:ec2::254"},
                                                    {"64:ff9b::127.0.0.1"},
                                                    {"2002:7f00:1::"},
                                                    {"fe80::1%lo"},
                                                    {"8.8.8.8", "127.0.0.1"},
                                                    {"127.0.0.1", "8.8.8.8"},
                                                    {}}) {
    site.addresses = addresses;
    CHECK(site.kind_of_failure() == ErrorKind::unreachable);
  }
  CHECK(site.server.accepted() == 0);
}

TEST_CASE("an address in the URL is judged like one that a name has") {
  Site site(says(with_length(kDocument)));
  site.options.may_reach = auth::is_public_address;
  site.options.resolve = net::resolve;
  for (const char* url : {"https://127.0.0.1/c", "https://[::1]/c", "https://[::ffff:127.0.0.1]/c",
                          "https://2130706433/c", "https://0x7f.1/c", "https://127.1/c",
                          "https://0/c", "https://localhost/c"}) {
    CAPTURE(url);
    CHECK(site.kind_of_failure(url) == ErrorKind::unreachable);
  }
  CHECK(site.server.accepted() == 0);
}

TEST_CASE("the address that was checked is the one that is spoken to: a name is looked up once") {
  Site site(says(with_length(kDocument)));
  site.options.resolve = [&](const std::string& host, base::SteadyTime, const std::stop_token&) {
    site.asked.push_back(host);
    const char* address = site.asked.size() == 1 ? "127.0.0.1" : "10.0.0.1";
    return net::Resolved{net::Resolved::Outcome::found, {address}, ""};
  };
  CHECK(site.fetch());
  CHECK(site.asked == std::vector<std::string>{"client.example"});
  CHECK(site.kind_of_failure() == ErrorKind::unreachable);
  CHECK(site.server.accepted() == 1);
}

TEST_CASE("what leads nowhere looks like what leads inside") {
  Site site(says(with_length(kDocument)));
  site.options.may_reach = auth::is_public_address;
  const std::string inside = site.fetch().error().message;
  site.addresses = {};
  CHECK(site.fetch().error().message == inside);
  site.options.resolve = [](const std::string&, base::SteadyTime, const std::stop_token&) {
    return net::Resolved{net::Resolved::Outcome::failed, {}, "Name or service not known"};
  };
  CHECK(site.fetch().error().message == inside);
}

TEST_CASE("a name that there is no place to look up is not the host's fault") {
  Site site(says(with_length(kDocument)));
  site.options.resolve = net::LimitedResolver(0);
  CHECK(site.kind_of_failure() == ErrorKind::unavailable);
  CHECK(site.server.accepted() == 0);
}

TEST_CASE("an address that does not answer leaves time for the next") {
  Site site(says(with_length(kDocument)));
  site.addresses = {"127.0.0.2", "127.0.0.1"};
  CHECK(site.fetch());
  site.addresses = {"127.0.0.2"};
  CHECK(site.kind_of_failure() == ErrorKind::unreachable);
}

TEST_CASE(
    "a host that the operator vouches for is where the operator says, with its own certificate") {
  Site site(says(with_length(kDocument)));
  site.options.may_reach = auth::is_public_address;
  site.options.known_hosts["client.example"] = {"127.0.0.1", site.server.port()};
  CHECK(site.fetch());
  CHECK(site.asked.empty());
  site.options.known_hosts["other.example"] = {"127.0.0.1", site.server.port()};
  CHECK(site.kind_of_failure("https://other.example/c") == ErrorKind::unreachable);
}

TEST_CASE("a certificate that is not the host's, not trusted or expired gets no request") {
  int requests = 0;
  const TlsServer::Serve count = [&](SSL* ssl) {
    if (!read_some(ssl).empty()) ++requests;
  };
  Site other(count, {"DNS:other.example", "IP:127.0.0.1", "DNS:*.client.example"});
  CHECK(other.kind_of_failure() == ErrorKind::unreachable);
  Site expired(count, {"DNS:client.example"}, true);
  CHECK(expired.kind_of_failure() == ErrorKind::unreachable);
  Site unknown(count);
  net::TrustStore system_trust("", "");
  CHECK(GuardedFetch(system_trust, unknown.options).fetch(kUrl, {}).error().kind ==
        ErrorKind::unreachable);
  CHECK(requests == 0);
}

TEST_CASE("redirects are not followed") {
  for (const char* status : {"301", "302", "303", "307", "308"}) {
    Site site(says(std::string("HTTP/1.1 ") + status +
                   " Moved\r\nLocation: https://client.example/other\r\nContent-Type: "
                   "application/json\r\nContent-Length: 2\r\n\r\n{}"));
    CAPTURE(status);
    CHECK(site.kind_of_failure() == ErrorKind::bad_response);
    CHECK(site.server.accepted() == 1);
  }
}

TEST_CASE("only a 200 with JSON is a document") {
  for (const char* head :
       {"HTTP/1.1 404 Not Found\r\nContent-Type: application/json", "HTTP/1.1 200 OK",
        "HTTP/1.1 206 Partial\r\nContent-Type: application/json",
        "HTTP/1.1 500 Oh\r\nContent-Type: application/json",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html",
        "HTTP/1.1 200 OK\r\nContent-Type: application/jsonp",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; x=application/json",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip"}) {
    Site site(says(std::string(head) + "\r\nContent-Length: 2\r\n\r\n{}"));
    CAPTURE(head);
    CHECK(site.kind_of_failure() == ErrorKind::bad_response);
  }
}

TEST_CASE("a document of more than the limit is refused, however its length is told") {
  const std::string limit(5 * 1024, ' ');
  const std::string more = limit + " ";
  CHECK(Site(says(with_length(limit))).fetch()->body == limit);
  CHECK(Site(says(answer("", limit))).fetch()->body == limit);
  for (const std::string& bytes :
       {with_length(more), answer("", more),
        answer("Transfer-Encoding: chunked\r\n", "1401\r\n" + more + "\r\n0\r\n\r\n"),
        answer("Content-Length: 99999999999\r\n", "x")}) {
    Site site(says(bytes));
    CHECK(site.kind_of_failure() == ErrorKind::bad_response);
  }
}

TEST_CASE("what is no whole answer is refused") {
  for (const std::string& bytes :
       {std::string(), std::string("nonsense\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\n"),
        answer("Content-Length: 100\r\n", kDocument),
        answer("Transfer-Encoding: chunked\r\n", "5\r\n{\"cli\r\n"),
        answer("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")}) {
    Site site(says(bytes));
    CAPTURE(bytes);
    CHECK(site.kind_of_failure() == ErrorKind::bad_response);
  }
}

TEST_CASE("a document that a cut connection ends is not a whole one") {
  Site site([](SSL* ssl) {
    read_some(ssl);
    write_all(ssl, answer("", kDocument));  // and no goodbye
  });
  CHECK(site.kind_of_failure() == ErrorKind::bad_response);
}

TEST_CASE("headers and trailers without end are cut off") {
  constexpr std::size_t kSoMuch = 64 * 1024 * 1024;
  for (const std::string& begin :
       {std::string("HTTP/1.1 200 OK\r\n"), answer("Transfer-Encoding: chunked\r\n", "0\r\n"),
        answer("Transfer-Encoding: chunked\r\n", "2;")}) {
    std::size_t sent = 0;
    {
      Site site([&](SSL* ssl) {
        read_some(ssl);
        write_all(ssl, begin);
        const std::string line = "X-Long: " + std::string(4000, 'x') + "\r\n";
        while (sent < kSoMuch && write_all(ssl, line)) sent += line.size();
      });
      CHECK(site.kind_of_failure() == ErrorKind::bad_response);
    }
    CHECK(sent < kSoMuch);
  }
}

TEST_CASE("a URL that takes its time is given up, whatever it does meanwhile") {
  Site trickling([](SSL* ssl) {
    read_some(ssl);
    write_all(ssl, "HTTP/1.1 200 OK\r\n");
    while (write_all(ssl, "X: y\r\n")) std::this_thread::sleep_for(1ms);
  });
  Site silent([](SSL* ssl) {
    while (!read_some(ssl).empty()) continue;
  });
  for (Site* site : {&trickling, &silent}) {
    site->options.limits.time = 300ms;
    CHECK(site->kind_of_failure() == ErrorKind::bad_response);
  }
}

TEST_CASE("a host that takes a connection and says nothing is not reached") {
  Site site(says(with_length(kDocument)));
  fakes::LoopbackPort silent;
  silent.open();
  site.options.port = silent.number();
  site.options.limits.time = 300ms;
  CHECK(site.kind_of_failure() == ErrorKind::unreachable);
}

TEST_CASE("a fetch whose caller left ends at once") {
  std::latch is_reached(1);
  Site site([&](SSL* ssl) {
    read_some(ssl);
    is_reached.count_down();
    while (!read_some(ssl).empty()) continue;
  });
  std::stop_source stop;
  const std::jthread leaving([&] {
    is_reached.wait();
    stop.request_stop();
  });
  const auto fetched = site.fetch(kUrl, stop.get_token());
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().kind == ErrorKind::cancelled);
  CHECK(site.fetch(kUrl, stop.get_token()).error().kind == ErrorKind::cancelled);
}
