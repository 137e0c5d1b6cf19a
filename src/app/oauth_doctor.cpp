#include "app/oauth_doctor.h"

#include <array>
#include <utility>

#include "app/oauth_metadata.h"
#include "base/base64.h"
#include "base/json_value.h"
#include "base/percent_encode.h"
#include "base/random.h"
#include "base/text.h"
#include "net/ascii.h"
#include "net/url.h"

namespace motion_mcp::app {
namespace {

using std::chrono::seconds;

constexpr seconds kStepDeadline{10};  // as long as Claude waits
constexpr std::string_view kRedirectUri = "http://127.0.0.1/callback";
constexpr std::size_t kQuoted = 200;
constexpr std::string_view kResourceMetadata = "/.well-known/oauth-protected-resource";
constexpr std::string_view kServerMetadata = "/.well-known/oauth-authorization-server";

std::string in_quotes(std::string_view text) {
  return "\"" + base::clip(text, kQuoted) + "\"";
}

class Walk {
 public:
  Walk(const OAuthExamination& examination, const std::stop_token& stop)
      : examination_(examination), stop_(stop) {}

  std::vector<Finding> findings() {
    using Step = Finding (Walk::*)();
    constexpr std::array<std::pair<std::string_view, Step>, 10> kSteps = {{
        {"endpoint", &Walk::endpoint},
        {"challenge", &Walk::challenge},
        {"resource", &Walk::resource},
        {"issuer", &Walk::issuer},
        {"pkce", &Walk::pkce},
        {"iss", &Walk::iss},
        {"clients", &Walk::clients},
        {"register", &Walk::registration},
        {"page", &Walk::page},
        {"token", &Walk::token},
    }};
    std::vector<Finding> found;
    bool goes_on = true;
    for (const auto& [name, step] : kSteps) {
      Finding finding = goes_on ? (this->*step)() : skipped("not reached");
      finding.check = name;
      goes_on = goes_on && finding.health != Health::failure;
      found.push_back(std::move(finding));
    }
    return found;
  }

 private:
  static Finding ok(std::string detail) { return {"", Health::ok, std::move(detail), ""}; }
  static Finding skipped(std::string detail) {
    return {"", Health::skipped, std::move(detail), ""};
  }
  static Finding warning(std::string detail, std::string fix) {
    return {"", Health::warning, std::move(detail), std::move(fix)};
  }
  static Finding failure(std::string detail, std::string fix) {
    return {"", Health::failure, std::move(detail), std::move(fix)};
  }
  static Finding failure(const Error& error) { return failure(error.message, error.next_step); }

  Result<net::HttpResponse> send(const net::HttpRequest& request) {
    return examination_.http.send(request, examination_.clock.now() + kStepDeadline, stop_);
  }

  // A JSON object at `url`, or why there is none.
  Result<Json> fetch(const std::string& url) {
    const auto answer = TRY(send({"GET", url, {{"Accept", "application/json"}}, ""}));
    const auto wrong = [&](const std::string& what) {
      return Error{
          ErrorKind::bad_response, url + " " + what,
          "See that the proxy before the server hands this path on unchanged, and that the "
          "server was started with --oauth."};
    };
    if (answer.status != 200) return wrong("answered " + std::to_string(answer.status));
    if (!has_json_type(answer)) return wrong("is not application/json");
    Json document = Json::parse(answer.body, nullptr, false);
    if (!document.is_object()) return wrong("is no JSON object");
    return document;
  }

  Finding endpoint() {
    auto url = net::parse_url(examination_.endpoint);
    if (!url) return failure(url.error().message, "Give the URL of the MCP endpoint.");
    if (!url->https && !net::is_loopback_host(url->host)) {
      return failure("it is plain http, which no client sends a token to",
                     "Give the https URL that callers use (--public-url).");
    }
    url_ = *std::move(url);
    return ok(examination_.endpoint);
  }

  // What a client meets first: it asks without a token and is told where to get one.
  Finding challenge() {
    const Json hello = {{"jsonrpc", "2.0"},
                        {"id", 1},
                        {"method", "initialize"},
                        {"params",
                         {{"protocolVersion", "2025-11-25"},
                          {"capabilities", Json::object()},
                          {"clientInfo", {{"name", "motion-mcp doctor"}, {"version", "1"}}}}}};
    const auto answer = send(
        {"POST",
         examination_.endpoint,
         {{"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}},
         hello.dump()});
    if (!answer) return failure(answer.error());
    if (answer->status == 403 || answer->status == 421) {
      return failure(
          "the endpoint does not serve this name (" + std::to_string(answer->status) + ")",
          "Start the server with --public-url " + origin_of(url_) + ".");
    }
    if (answer->status != 401) {
      return failure("a request without a token was answered with " +
                         std::to_string(answer->status) + " instead of 401",
                     answer->status / 100 == 2
                         ? "Start the server with --oauth; as it is, it asks for no credential."
                         : "Give the URL of the MCP endpoint, which ends in /mcp.");
    }
    for (const auto& [name, value] : answer->headers) {
      if (net::to_lower(name) != "www-authenticate" ||
          !net::to_lower(value).starts_with("bearer")) {
        continue;
      }
      if (auto place = auth_parameter(value, "resource_metadata")) {
        metadata_url_ = *std::move(place);
        return ok("401, and says where to go on: " + base::clip(metadata_url_, kQuoted));
      }
    }
    return failure("the 401 names no resource_metadata in a WWW-Authenticate of the scheme Bearer",
                   "Start the server with --oauth, and see that the proxy hands WWW-Authenticate "
                   "on.");
  }

  // RFC 9728 section 3: at the place the challenge names and at both where clients guess.
  Finding resource() {
    const auto named = fetch(metadata_url_);
    if (!named) return failure(named.error());
    for (const std::string& guess :
         {well_known(url_, kResourceMetadata), origin_of(url_) + std::string(kResourceMetadata)}) {
      const auto guessed = fetch(guess);
      if (!guessed) return failure(guessed.error());
      if (*guessed != *named) {
        return failure(guess + " says something else than " + base::clip(metadata_url_, kQuoted),
                       "See that one server answers both.");
      }
    }
    const std::string resource = text_at(*named, "resource");
    if (without_slash(resource) != without_slash(examination_.endpoint)) {
      return failure(
          "it is the metadata of " + in_quotes(resource) + ", and clients refuse another",
          "Start the server with the --public-url that callers use, or give its URL as "
          "they do.");
    }
    const auto servers = named->find("authorization_servers");
    const bool has_server = servers != named->end() && servers->is_array() && !servers->empty() &&
                            servers->front().is_string();
    if (!has_server) {
      return failure("it names no authorization_servers", "Start the server with --oauth.");
    }
    issuer_ = servers->front().get<std::string>();
    if (const auto scopes = named->find("scopes_supported");
        scopes != named->end() && scopes->is_array()) {
      for (const Json& scope : *scopes) {
        if (scope.is_string()) scope_ += (scope_.empty() ? "" : " ") + scope.get<std::string>();
      }
    }
    resource_ = resource;
    return ok("the same at all three places; the authorization server is " +
              base::clip(issuer_, kQuoted));
  }

  // RFC 8414 section 3.3: what is not issued by whom it was asked for is not used.
  Finding issuer() {
    const auto url = net::parse_url(issuer_);
    if (!url) return failure(url.error().message, "Correct --public-url.");
    auto metadata = fetch(well_known(*url, kServerMetadata));
    if (!metadata) return failure(metadata.error());
    server_ = *std::move(metadata);
    if (const std::string named = text_at(server_, "issuer"); named != issuer_) {
      return failure("the metadata is issued by " + in_quotes(named) + ", not by " +
                         in_quotes(issuer_) + ", character by character",
                     "Start the server with the --public-url that callers use.");
    }
    for (const char* name : {"authorization_endpoint", "token_endpoint"}) {
      const auto place = net::parse_url(text_at(server_, name));
      if (!place || (!place->https && !net::is_loopback_host(place->host))) {
        return failure(std::string(name) + " is no https URL",
                       "Start the server with an https --public-url.");
      }
    }
    if (!list_holds(server_, "response_types_supported", "code")) {
      return failure("response_types_supported lacks code", "Update the server.");
    }
    return ok("its metadata names itself and its endpoints");
  }

  Finding pkce() {
    if (list_holds(server_, "code_challenge_methods_supported", "S256")) return ok("S256");
    return failure("code_challenge_methods_supported lacks S256, and clients must refuse then",
                   "Update the server.");
  }

  Finding iss() {
    if (is_true(server_, "authorization_response_iss_parameter_supported")) {
      return ok("answers name their issuer");
    }
    return warning("answers do not say that they name their issuer (RFC 9207)",
                   "Update the server: clients that speak to several servers need it.");
  }

  Finding clients() {
    const bool takes_documents = is_true(server_, "client_id_metadata_document_supported");
    const bool registers = !text_at(server_, "registration_endpoint").empty();
    if (takes_documents && registers) return ok("by metadata document and by registration");
    if (takes_documents) {
      return warning("by metadata document only",
                     "Clients that need registration (Cursor) have to be told a client_id.");
    }
    if (registers) {
      return warning("by registration only",
                     "Update the server: newer clients come with a metadata document.");
    }
    return failure("no client can make itself known: neither metadata documents nor registration",
                   "Update the server.");
  }

  Finding registration() {
    const std::string place = text_at(server_, "registration_endpoint");
    if (place.empty()) return skipped("there is no registration");
    const Json metadata = {{"client_name", "motion-mcp doctor"},
                           {"redirect_uris", Json::array({kRedirectUri})},
                           {"grant_types", {"authorization_code", "refresh_token"}},
                           {"response_types", {"code"}},
                           {"token_endpoint_auth_method", "none"},
                           {"application_type", "native"}};
    const auto answer =
        send({"POST", place, {{"Content-Type", "application/json"}}, metadata.dump()});
    if (!answer) return failure(answer.error());
    const Json registered = Json::parse(answer->body, nullptr, false);
    client_id_ = registered.is_object() ? text_at(registered, "client_id") : std::string();
    if (answer->status / 100 == 2 && !client_id_.empty()) return ok("a client was registered");
    return failure("registration was answered with " + std::to_string(answer->status),
                   answer->status == 429
                       ? "Too many clients registered just now: try again in a minute."
                       : "See the server's log.");
  }

  // The page that asks the person. A server that sends to a sign-in of its own first is as good.
  Finding page() {
    if (client_id_.empty()) return skipped("no client to ask for");
    verifier_ = base::encode_base64url(base::random_bytes(32));
    const std::string url =
        authorization_url({text_at(server_, "authorization_endpoint"), client_id_, kRedirectUri,
                           verifier_, "doctor", scope_, resource_});
    const auto answer = send({"GET", url, {{"Accept", "text/html"}}, ""});
    if (!answer) return failure(answer.error());
    if (answer->status / 100 == 3) {
      const std::string to(net::find_header(answer->headers, "Location").value_or(""));
      if (to.starts_with(kRedirectUri)) {
        return failure("the authorization endpoint refused: " + in_quotes(to),
                       "See the server's log.");
      }
      return ok("leads on to a sign-in: " + base::clip(to.substr(0, to.find('?')), kQuoted));
    }
    const auto type = net::find_header(answer->headers, "Content-Type").value_or("");
    if (answer->status != 200 || !net::to_lower(type).starts_with("text/html")) {
      return failure("the authorization endpoint answered " + std::to_string(answer->status) +
                         " instead of a page",
                     "See the server's log, and that the proxy hands /oauth on unchanged.");
    }
    const auto policy = net::find_header(answer->headers, "Content-Security-Policy").value_or("");
    const bool is_framed = policy.find("frame-ancestors 'none'") == std::string_view::npos &&
                           !net::find_header(answer->headers, "X-Frame-Options");
    if (is_framed) {
      return failure("other pages may frame the page and trick a person into clicking on it",
                     "See that the proxy hands Content-Security-Policy on.");
    }
    return ok("asks the person");
  }

  // A code that nobody issued: the refusal shows that the endpoint works.
  Finding token() {
    if (client_id_.empty()) return skipped("no client to ask for");
    const std::string form =
        "grant_type=authorization_code&code=doctor&redirect_uri=" +
        base::percent_encode(kRedirectUri) + "&client_id=" + base::percent_encode(client_id_) +
        "&code_verifier=" + verifier_ + "&resource=" + base::percent_encode(resource_);
    const auto answer = send(
        {"POST",
         text_at(server_, "token_endpoint"),
         {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
         form});
    if (!answer) return failure(answer.error());
    const Json body = Json::parse(answer->body, nullptr, false);
    const std::string error = body.is_object() ? text_at(body, "error") : std::string();
    if (answer->status != 400 || error != "invalid_grant" || !has_json_type(*answer)) {
      return failure("a code that nobody issued was answered with " +
                         std::to_string(answer->status) + " " + in_quotes(error) +
                         " instead of 400 \"invalid_grant\"",
                     "See the server's log, and that the proxy hands /oauth on unchanged.");
    }
    const auto caching = net::find_header(answer->headers, "Cache-Control").value_or("");
    if (caching.find("no-store") == std::string_view::npos) {
      return failure("answers with tokens may be kept by caches: Cache-Control lacks no-store",
                     "See that the proxy hands Cache-Control on.");
    }
    return ok("refuses a code that nobody issued");
  }

  const OAuthExamination& examination_;
  const std::stop_token& stop_;
  net::Url url_{};
  std::string metadata_url_;
  std::string resource_;
  std::string issuer_;
  std::string scope_;
  Json server_;
  std::string client_id_;
  std::string verifier_;
};

}  // namespace

std::vector<Finding> examine_oauth(const OAuthExamination& examination,
                                   const std::stop_token& stop) {
  return Walk(examination, stop).findings();
}

}  // namespace motion_mcp::app
