// The settings of `motion-mcp http`. These tests try values that look right and are not.
#include "app/http_config.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "base/random.h"
#include "base/redact.h"

using namespace motion_mcp;
using namespace motion_mcp::app;
using namespace std::chrono_literals;

namespace {

using Variables = std::map<std::string, std::string>;

Result<HttpConfig> read(const GivenFlags& flags, const Variables& variables = {}) {
  const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return read_http_config(SettingReader(flags, environment));
}

std::string message_of(const GivenFlags& flags, const Variables& variables = {}) {
  const auto config = read(flags, variables);
  return config ? "" : config.error().message;
}

}  // namespace

TEST_CASE("defaults are those the documents name") {
  const auto config = read({});
  REQUIRE(config);
  CHECK_FALSE(config->shared_key);
  CHECK(config->access_log);
  CHECK(config->drain == 10s);
  CHECK(config->listener.request.body_bytes == 1'048'576);
  CHECK(config->listener.request.head.bytes == 16'384);
  CHECK(config->listener.request.head.headers == 100);
  CHECK(config->listener.connections == 4096);
  CHECK(config->listener.streams == 2048);
  CHECK(config->listener.request_time == 10s);
  CHECK(config->listener.idle_time == 75s);
  CHECK(config->listener.stall_time == 10s);
  CHECK(config->admission.in_flight == 2000);
  CHECK(config->admission.in_flight_per_owner == 200);
  CHECK(config->admission.paid_per_minute == 30);
}

TEST_CASE("every limit can be set, by flag or by variable") {
  const auto config = read({{"max-body-bytes", "2048"},
                            {"max-headers", "20"},
                            {"max-streams", "0"},
                            {"request-timeout", "3"},
                            {"max-paid-per-minute", "1"}},
                           {{"MOTION_MAX_CONNECTIONS", "7"}, {"MOTION_DRAIN", "2"}});
  REQUIRE(config);
  CHECK(config->listener.request.body_bytes == 2048);
  CHECK(config->listener.request.head.headers == 20);
  CHECK(config->listener.streams == 0);
  CHECK(config->listener.request_time == 3s);
  CHECK(config->listener.connections == 7);
  CHECK(config->admission.paid_per_minute == 1);
  CHECK(config->drain == 2s);
}

TEST_CASE("a value that cannot be is named with where it came from") {
  CHECK(message_of({{"max-connections", "0"}}).find("--max-connections must be") == 0);
  CHECK(message_of({{"max-connections", "many"}}).find("--max-connections must be") == 0);
  CHECK(message_of({}, {{"MOTION_DRAIN", "-1"}}).find("MOTION_DRAIN must be") == 0);
  CHECK(message_of({{"public-url", "mcp.example.org"}}).find("--public-url must be") == 0);
  CHECK(message_of({{"public-url", "https://"}}).find("--public-url must be") == 0);
  CHECK(message_of({{"public-url", "https://user@host"}}).find("--public-url must be") == 0);
  CHECK(message_of({{"trust-proxy", "10.0.0.0/99"}}).find("no address range") != std::string::npos);
  CHECK(message_of({{"tls-cert", "c.pem"}}) == "--tls-cert and --tls-key go together");
  CHECK(message_of({{"admin-listen", "8392"}}).find("--admin-listen must be HOST:PORT") == 0);
  CHECK(message_of({{"access-log", "maybe"}}).find("--access-log must be") == 0);
}

TEST_CASE("the public URL is what browsers make of it, however it was written") {
  const auto public_url = [](const char* given) {
    const auto config = read({{"public-url", given}});
    return config ? config->public_url : config.error().message;
  };
  CHECK(public_url("https://mcp.example.org") == "https://mcp.example.org");
  CHECK(public_url("HTTPS://MCP.Example.org/") == "https://mcp.example.org");
  CHECK(public_url("https://mcp.example.org:443") == "https://mcp.example.org");
  CHECK(public_url("https://mcp.example.org:") == "https://mcp.example.org");
  CHECK(public_url("http://localhost:80//") == "http://localhost");
  CHECK(public_url("https://mcp.example.org:08443/") == "https://mcp.example.org:8443");
  CHECK(public_url("https://mcp.example.org:80") == "https://mcp.example.org:80");
  CHECK(public_url("http://[::1]:9000") == "http://[::1]:9000");
  CHECK(public_url("https://[2001:DB8::1]:443") == "https://[2001:db8::1]");
  CHECK(public_url("https://Example.org/Motion/") == "https://example.org/Motion");
  for (const char* bad :
       {"https://mcp.example.org:0", "https://mcp.example.org:443x", "https://m\xC3\xBC.example",
        "https://mcp.example.org/?a", "https://mcp.example.org#", "https://mcp example.org",
        "https://:443", "ftp://mcp.example.org"}) {
    CAPTURE(bad);
    CHECK(public_url(bad).starts_with("--public-url must be"));
  }
}

TEST_CASE("names and origins are kept as requests say them") {
  using List = std::vector<std::string>;
  const auto config =
      read({{"allowed-host", "Mcp.Example.org, y.example/, x.example:8443, [::1]:80"},
            {"allowed-origin",
             "https://claude.ai/, HTTPS://Claude.AI, https://a.example:443, "
             "http://b.example:8080, http://[::1]:80, vscode-webview://1a2b"}});
  REQUIRE(config);
  CHECK(config->allowed_hosts ==
        List{"mcp.example.org", "y.example", "x.example:8443", "[::1]:80"});
  CHECK(config->allowed_origins == List{"https://claude.ai", "https://claude.ai",
                                        "https://a.example", "http://b.example:8080",
                                        "http://[::1]", "vscode-webview://1a2b"});
}

TEST_CASE("a name or an origin that no request ever says is refused") {
  for (const char* host : {"https://x.example", "x.example/mcp", "x.example:", "x.example:0",
                           "user@x.example", "*.example", "::1", "x y"}) {
    CAPTURE(host);
    CHECK(message_of({{"allowed-host", std::string("a.example,") + host}})
              .find("--allowed-host must be names such as mcp.example.org or "
                    "mcp.example.org:8443, not \"" +
                    std::string(host) + "\"") == 0);
  }
  for (const char* origin : {"foo", "claude.ai", "https://", "https://claude.ai/chat", "null", "*",
                             "https://*.example", "https://claude.ai//", "https://u@claude.ai",
                             "://claude.ai", "https://claude.ai?a", "https://claude.ai:0"}) {
    CAPTURE(origin);
    CHECK(message_of({}, {{"MOTION_ALLOWED_ORIGIN", origin}})
              .find("MOTION_ALLOWED_ORIGIN must be origins such as https://claude.ai, not") == 0);
  }
}

TEST_CASE("the endpoint token is long enough to be one, and is never shown") {
  const std::string token = "endpoint-" + base::random_uuid();
  const auto config = read({}, {{"MOTION_ENDPOINT_TOKEN", token}});
  REQUIRE(config);
  CHECK(config->endpoint_token == token);
  CHECK(base::redact("the token " + token).find(token) == std::string::npos);
  // No command but `http` has a use for it, so none is kept from starting.
  const auto problem = [](const Variables& variables, const GivenFlags& flags = {}) {
    const auto read_all_the_same = read(flags, variables);
    REQUIRE(read_all_the_same);
    const auto& found = read_all_the_same->endpoint_token_problem;
    CHECK(read_all_the_same->endpoint_token.empty() == found.has_value());
    return found ? found->message : std::string();
  };
  const std::string why = problem({{"MOTION_ENDPOINT_TOKEN", "short"}});
  CHECK(why.find("at least 16 characters") != std::string::npos);
  CHECK(why.find("short") == std::string::npos);
  CHECK_FALSE(problem({{"MOTION_ENDPOINT_TOKEN", "motion_0123456789abcdef"}}).empty());
  // None that a caller could send.
  CHECK_FALSE(problem({{"MOTION_ENDPOINT_TOKEN", "correct horse battery staple"}}).empty());
  CHECK_FALSE(problem({{"MOTION_ENDPOINT_TOKEN", "schl\u00fcssel-0123456789abcdef"}}).empty());
  CHECK(problem({{"MOTION_ENDPOINT_TOKEN", "AZaz09-._~+/0123=="}}).empty());

  const auto file = std::filesystem::temp_directory_path() / ("token-" + base::random_uuid());
  std::ofstream(file) << token << "\n";
  const auto from_file = read({{"endpoint-token-file", file.string()}});
  std::filesystem::remove(file);
  REQUIRE(from_file);
  CHECK(from_file->endpoint_token == token);
  CHECK_FALSE(problem({}, {{"endpoint-token-file", "/nonexistent"}}).empty());
}
