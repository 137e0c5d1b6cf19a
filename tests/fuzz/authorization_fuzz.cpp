// Headers that say who is calling, and from where. Tries to be let in with something else than a
// key or the token, to be let in from elsewhere, and to find what was sent in the refusal.
//
// The bytes are a request_text.h, of which the headers count.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "fuzz/fuzz_target.h"
#include "fuzz/request_text.h"
#include "transport/http_access.h"

namespace motion_mcp::fuzz {
namespace {

using transport::HttpAccess;
using transport::HttpReply;
using transport::HttpRequest;

constexpr std::string_view kShared = "motion_shared";
constexpr std::string_view kToken = "endpoint-token";
constexpr std::string_view kHost = "mcp.example.org";
constexpr std::string_view kOrigin = "https://claude.ai";

HttpAccess access_with(std::string_view shared, std::string_view token) {
  return {{std::string(kHost)}, {std::string(kOrigin)}, std::string(shared), std::string(token)};
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string spell(const HttpReply& reply) {
  std::string text = std::to_string(reply.status) + " " + reply.body;
  for (const auto& [name, value] : reply.headers) text += "\n" + name + ": " + value;
  return text;
}

HttpRequest with_authorization(const std::vector<std::string>& values) {
  HttpRequest request;
  for (const std::string& value : values) request.headers.emplace_back("Authorization", value);
  return request;
}

// Every refusal there is, made with words of ours: none says anything of what was sent.
std::set<std::string> all_refusals() {
  std::set<std::string> refusals;
  for (const auto& values :
       {std::vector<std::string>{}, std::vector<std::string>{"Basic YTpi"},
        std::vector<std::string>{"Bearer ours"}, std::vector<std::string>{"Bearer o u r s"},
        std::vector<std::string>{"Bearer ours", "Bearer ours"}}) {
    const auto refused = transport::identify(access_with("", ""), with_authorization(values));
    refusals.insert(spell(std::get<HttpReply>(refused)));
  }
  return refusals;
}

void check_caller(const HttpAccess& access, const HttpRequest& request) {
  static const std::set<std::string> refusals = all_refusals();
  const auto judged = transport::identify(access, request);
  if (const auto* refused = std::get_if<HttpReply>(&judged)) {
    return require(refusals.contains(spell(*refused)), "a refusal tells nothing of what was sent",
                   spell(*refused));
  }
  const std::string& key = std::get<transport::HttpCaller>(judged).caller.credential;
  const auto header = transport::find_header(request.headers, "Authorization");
  if (header.count == 0) {
    return require(
        !access.shared_key.empty() && access.endpoint_token.empty() && key == access.shared_key,
        "without a bearer only a shared key that asks for none is lent", key);
  }
  require(header.count == 1 && lower(header.value).starts_with("bearer "),
          "who is let in shows one bearer", header.value);
  const std::string_view token = header.value.substr(std::string_view("bearer ").size());
  const bool shows_key = token.starts_with("motion_") && key == token;
  const bool shows_token =
      !access.endpoint_token.empty() && token == access.endpoint_token && key == access.shared_key;
  require(shows_key || shows_token, "the bearer is a key or the token", header.value);
}

void check_place(const HttpAccess& access, const HttpRequest& request) {
  const auto host = transport::find_header(request.headers, "Host");
  const auto origin = transport::find_header(request.headers, "Origin");
  if (!transport::refuse_place(access, request)) {
    const std::string named = lower(host.value);
    const bool is_ours = named == kHost || named.starts_with(std::string(kHost) + ":");
    require(host.count == 1 && is_ours, "only our name is served", host.value);
    require(origin.count == 0 || (origin.count == 1 && origin.value == kOrigin),
            "only a page that is allowed is served", origin.value);
  }
  for (const auto& [name, value] : transport::cors_headers(access, request)) {
    require(value.find_first_of("\r\n") == std::string::npos, "a header is on one line", value);
    if (name == "Access-Control-Allow-Origin") {
      require(value == kOrigin, "only a page that is allowed reads the reply", value);
    }
  }
}

}  // namespace

void try_bytes(std::string_view bytes) {
  const RequestText text = read_request_text(bytes);
  const HttpRequest request{text.method, text.target, text.headers, text.body};
  for (const HttpAccess& access :
       {access_with("", ""), access_with(kShared, ""), access_with(kShared, kToken)}) {
    check_caller(access, request);
    check_place(access, request);
  }
}

}  // namespace motion_mcp::fuzz
