#pragma once

// An authorization server with a scripted service behind it, and the steps of a flow in one line
// each.

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "auth/memory_grant_store.h"
#include "auth/oauth_front.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/json_value.h"
#include "base/percent_encode.h"
#include "fakes/manual_clock.h"

namespace motion_mcp::test {

inline constexpr const char* kIssuer = "https://mcp.example.org";
inline constexpr const char* kRedirect = "https://claude.ai/api/mcp/auth_callback";
inline constexpr const char* kMotionKey = "motion_0123456789abcdef";
inline constexpr const char* kVerifier = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV";

inline std::shared_ptr<const base::SealKeys> seal_keys(char letter = 'k') {
  return std::make_shared<const base::SealKeys>(
      *base::SealKeys::make({std::string(base::kSealKeyBytes, letter)}));
}

// What the fake service says of a key, and what it was asked.
struct FakeService {
  auth::KeyVerdict verdict = auth::KeyVerdict::good;
  std::vector<std::string> asked;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string encode(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : "&") + name + "=" + base::percent_encode(value);
  }
  return text;
}

inline Fields with(Fields fields, const std::string& name, const std::string& value) {
  for (auto& field : fields) {
    if (field.first == name) {
      field.second = value;
      return fields;
    }
  }
  fields.emplace_back(name, value);
  return fields;
}

inline Fields without(Fields fields, const std::string& name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}

inline std::string header(const base::HttpReply& reply, std::string_view name) {
  return std::string(base::find_header(reply.headers, name).value);
}

// What stands between the two in `text`; empty when they do not.
inline std::string between(const std::string& text, const std::string& begin,
                           const std::string& end) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return {};
  const std::size_t at = from + begin.size();
  const std::size_t to = text.find(end, at);
  return to == std::string::npos ? std::string() : text.substr(at, to - at);
}

// A parameter of a URL's query, decoded.
inline std::string query_value(const std::string& url, std::string_view name) {
  const std::size_t mark = url.find('?');
  if (mark == std::string::npos) return {};
  const auto parameters = auth::Parameters::parse(std::string_view(url).substr(mark + 1));
  REQUIRE(parameters);
  return std::string(parameters->get(name));
}

// A page with a form: what a browser has after a GET of the authorization endpoint.
struct OpenPage {
  base::HttpReply reply;
  std::string ticket;
  std::string cookie;  // "name=value"
};

class OAuthBench {
 public:
  explicit OAuthBench(std::string issuer = kIssuer)
      : OAuthBench(std::move(issuer), seal_keys(), std::make_unique<auth::MemoryGrantStore>()) {}

  OAuthBench(std::string issuer, std::shared_ptr<const base::SealKeys> keys,
             std::unique_ptr<auth::GrantStore> grants,
             std::vector<std::shared_ptr<const auth::ClientSource>> sources = {})
      : issuer_(std::move(issuer)),
        front(parts(std::move(keys), std::move(grants), std::move(sources)), clock) {}

  base::HttpReply get(const std::string& target, base::HttpHeaders headers = {}) const {
    return front.serve({"GET", target, std::move(headers), {}, address}, {});
  }
  base::HttpReply post(const std::string& path, const std::string& body,
                       base::HttpHeaders headers = {}) const {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return front.serve({"POST", path, std::move(headers), body, address}, {});
  }

  // The client_id of a new client.
  std::string register_client(const Json& members = {
                                  {"client_name", "Claude"},
                                  {"redirect_uris", {kRedirect}},
                                  {"grant_types", {"authorization_code", "refresh_token"}}}) {
    const base::HttpReply reply = front.serve({"POST",
                                               "/oauth/register",
                                               {{"Content-Type", "application/json"}},
                                               members.dump(),
                                               address},
                                              {});
    REQUIRE(reply.status == 201);
    return Json::parse(reply.body)["client_id"].get<std::string>();
  }

  [[nodiscard]] Fields authorization(const std::string& client_id) const {
    return {{"response_type", "code"},
            {"client_id", client_id},
            {"redirect_uri", kRedirect},
            {"code_challenge", base::encode_base64url(base::sha256(kVerifier))},
            {"code_challenge_method", "S256"},
            {"scope", "videos:read videos:create"},
            {"state", "the state"},
            {"resource", issuer_ + "/mcp"}};
  }

  base::HttpReply authorize(const Fields& request) const {
    return get("/oauth/authorize?" + encode(request));
  }
  OpenPage open(const Fields& request) const { return page_of(authorize(request)); }
  static OpenPage page_of(base::HttpReply reply) {
    OpenPage page;
    page.ticket = between(reply.body, "name=\"ticket\" value=\"", "\"");
    const std::string cookie = header(reply, "Set-Cookie");
    page.cookie = cookie.substr(0, cookie.find(';'));
    page.reply = std::move(reply);
    return page;
  }

  // The person fills in the form.
  base::HttpReply consent(const OpenPage& page, Fields fields, base::HttpHeaders more = {}) const {
    fields.emplace_back("ticket", page.ticket);
    more.emplace_back("Cookie", page.cookie);
    return post("/oauth/authorize", encode(fields), std::move(more));
  }
  static Fields yes(const std::string& key = kMotionKey) {
    return {{"decision", "allow"}, {"api_key", key}, {"create", "yes"}};
  }
  // A code that a person agreed to.
  std::string code(const std::string& client_id, const Fields& answers = yes()) {
    const base::HttpReply reply = consent(open(authorization(client_id)), answers);
    REQUIRE(reply.status == 303);
    return query_value(header(reply, "Location"), "code");
  }

  [[nodiscard]] Fields exchange(const std::string& client_id, const std::string& code) const {
    return {{"grant_type", "authorization_code"},
            {"code", code},
            {"client_id", client_id},
            {"redirect_uri", kRedirect},
            {"code_verifier", kVerifier},
            {"resource", issuer_ + "/mcp"}};
  }
  static Fields refresh(const std::string& client_id, const std::string& token) {
    return {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", client_id}};
  }
  base::HttpReply token(const Fields& request) const {
    return post("/oauth/token", encode(request));
  }
  // The token response, which must be one.
  Json tokens(const Fields& request) const {
    const base::HttpReply reply = token(request);
    CAPTURE(reply.body);
    REQUIRE(reply.status == 200);
    return Json::parse(reply.body);
  }
  // The error of a token request; empty when it had none.
  std::string token_error(const Fields& request) const {
    const Json body = Json::parse(token(request).body);
    return body.value("error", "");
  }

  bool opens(const std::string& token) const { return front.open_access(token).has_value(); }

 private:
  auth::OAuthFront::Parts parts(std::shared_ptr<const base::SealKeys> keys,
                                std::unique_ptr<auth::GrantStore> grants,
                                std::vector<std::shared_ptr<const auth::ClientSource>> sources) {
    auth::OAuthFront::Parts parts;
    parts.issuer = issuer_;
    parts.seal_keys = std::move(keys);
    parts.grants = std::move(grants);
    parts.check_key = [this](std::string_view key, const std::stop_token&) {
      service.asked.emplace_back(key);
      return service.verdict;
    };
    parts.sources = std::move(sources);
    return parts;
  }

  const std::string issuer_;

 public:
  fakes::ManualClock clock;
  FakeService service;
  std::string address = "203.0.113.7";
  auth::OAuthFront front;
};

}  // namespace motion_mcp::test
