#include "auth/oauth_front.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/base64.h"
#include "base/log.h"
#include "base/random.h"

namespace motion_mcp::auth {
namespace {

using base::HttpReply;
using base::HttpRequest;

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kMaxKeyBytes = 200;
constexpr std::string_view kStartAnew = "Go back to the program and connect it anew.";

std::string random_id() {
  return base::encode_base64url(base::random_bytes(kIdBytes));
}

struct Route {
  std::string_view path;
  std::string_view methods;  // as Allow lists them
};
constexpr std::array<Route, 7> kRoutes = {{
    {paths::kResourceMetadata, "GET, HEAD, OPTIONS"},
    {paths::kRootResourceMetadata, "GET, HEAD, OPTIONS"},
    {paths::kServerMetadata, "GET, HEAD, OPTIONS"},
    {paths::kAuthorize, "GET, POST"},
    {paths::kToken, "POST, OPTIONS"},
    {paths::kRegister, "POST, OPTIONS"},
    {paths::kRevoke, "POST, OPTIONS"},
}};

std::string_view path_of(const HttpRequest& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

std::string_view query_of(const HttpRequest& request) {
  const std::size_t mark = request.target.find('?');
  return mark == std::string::npos ? std::string_view()
                                   : std::string_view(request.target).substr(mark + 1);
}

const Route* find_route(std::string_view path) {
  const auto* found = std::find_if(kRoutes.begin(), kRoutes.end(),
                                   [&](const Route& route) { return route.path == path; });
  return found == kRoutes.end() ? nullptr : found;
}

bool has_method(const Route& route, std::string_view method) {
  std::string_view rest = route.methods;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(", "), rest.size());
    if (rest.substr(0, end) == method) return true;
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return false;
}

// Programs in web pages may be clients. None of these answers depends on a cookie, so any page may
// read them (Fetch standard, "CORS protocol").
HttpReply open_to_pages(HttpReply reply) {
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return reply;
}

HttpReply json_reply(int status, const Json& body) {
  return open_to_pages({status, {{"Content-Type", "application/json"}}, body.dump()});
}

HttpReply error_reply(const OAuthError& error) {
  return json_reply(error.status,
                    {{"error", error.code}, {"error_description", error.description}});
}

HttpReply preflight(const Route& route) {
  return open_to_pages(
      {204,
       {{"Access-Control-Allow-Methods", std::string(route.methods)},
        {"Access-Control-Allow-Headers", "Authorization, Content-Type, MCP-Protocol-Version"},
        {"Access-Control-Max-Age", "7200"}},
       {}});
}

HttpReply method_not_allowed(const Route& route) {
  HttpReply reply = error_reply({"invalid_request", "the method is not allowed here", 405});
  reply.headers.emplace_back("Allow", route.methods);
  return reply;
}

HttpReply too_many(HttpReply reply, const RateLimit& limit) {
  reply.headers.emplace_back("Retry-After", std::to_string(limit.window().count()));
  return reply;
}

HttpReply too_large() {
  return error_reply({"invalid_request", "the body is larger than 32 KiB", 413});
}

bool has_media_type(const HttpRequest& request, std::string_view type) {
  const std::string_view given = base::find_header(request.headers, "Content-Type").value;
  return base::equals_ignoring_case(base::trim_blanks(given.substr(0, given.find(';'))), type);
}

Result<Parameters> read_form(const HttpRequest& request) {
  if (!has_media_type(request, "application/x-www-form-urlencoded")) {
    return Error{ErrorKind::invalid_argument,
                 "the Content-Type must be application/x-www-form-urlencoded"};
  }
  return Parameters::parse(request.body);
}

// RFC 6265 section 5.4. The first of this name: that of the longest path, and ours has the prefix
// __Host- where another could come first.
std::string_view cookie_of(const HttpRequest& request, std::string_view name) {
  for (const auto& [header, value] : request.headers) {
    if (!base::equals_ignoring_case(header, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = base::trim_blanks(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
        return pair.substr(name.size() + 1);
      }
    }
  }
  return {};
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

// Whether it can be a Motion key at all: nothing else is sent to the service.
bool is_key(std::string_view text) {
  return text.size() <= kMaxKeyBytes && text.starts_with("motion_") &&
         text.size() > std::string_view("motion_").size() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

HttpReply already_agreed() {
  return refusal_page(403, "You have agreed to this already, and it counts once",
                      "To connect once more, start again in the program.");
}

HttpReply cannot_remember(const Error& error) {
  base::log_warning("the store of authorizations: " + error.message);
  return refusal_page(503, "The server cannot remember just now what was agreed to",
                      "Nothing was connected. Wait a minute, then start again in the program.");
}

std::vector<std::shared_ptr<const ClientSource>> with(
    std::vector<std::shared_ptr<const ClientSource>> sources,
    std::shared_ptr<const ClientSource> another) {
  sources.push_back(std::move(another));
  return sources;
}

}  // namespace

OAuthFront::OAuthFront(Parts parts, const base::Clock& clock)
    : clock_(clock),
      seal_keys_(std::move(parts.seal_keys)),
      grants_(std::move(parts.grants)),
      check_key_(std::move(parts.check_key)),
      registered_(std::make_shared<RegisteredClients>(seal_keys_, parts.issuer, clock)),
      sources_(with(parts.sources, registered_)),
      deployment_{parts.issuer, !parts.sources.empty()},
      tokens_(seal_keys_, deployment_.resource(), clock),
      tickets_(seal_keys_, deployment_.issuer, clock),
      token_endpoint_(deployment_, tokens_, *grants_, *registered_, clock),
      keys_(kKeysPerMinute, std::chrono::minutes(1), clock),
      pages_(kPagesPerMinute, std::chrono::minutes(1), clock),
      registrations_(kRegistrationsPerMinute, std::chrono::minutes(1), clock) {}

bool OAuthFront::owns(std::string_view path) {
  return find_route(path) != nullptr;
}

bool OAuthFront::is_quick(const HttpRequest& request) {
  return request.method == "OPTIONS" || path_of(request).starts_with("/.well-known/");
}

bool OAuthFront::is_for_person(const HttpRequest& request) {
  return path_of(request) == paths::kAuthorize;
}

HttpReply OAuthFront::busy(const HttpRequest& request) {
  HttpReply reply =
      is_for_person(request)
          ? refusal_page(503, "Too many people connect a program just now",
                         "Nothing was connected. Wait a moment, then load this page again.")
          : error_reply({"temporarily_unavailable",
                         "too many requests are under way; nothing was done: try again in a moment",
                         503});
  reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

std::optional<HttpReply> OAuthFront::refuse(const HttpRequest& head) const {
  const Route* route = find_route(path_of(head));
  if (route == nullptr) return error_reply({"invalid_request", "nothing is here", 404});
  if (!has_method(*route, head.method)) return method_not_allowed(*route);
  const std::string_view length = base::find_header(head.headers, "Content-Length").value;
  std::size_t bytes = 0;
  std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (bytes > kMaxBodyBytes) return too_large();
  return std::nullopt;
}

HttpReply OAuthFront::serve(const HttpRequest& request, const std::stop_token& stop) const {
  if (auto refusal = refuse(request)) return *std::move(refusal);
  if (request.body.size() > kMaxBodyBytes) return too_large();
  const std::string_view path = path_of(request);
  if (request.method == "OPTIONS") return preflight(*find_route(path));
  if (path == paths::kServerMetadata) return json_reply(200, server_metadata(deployment_));
  if (path == paths::kAuthorize) {
    return request.method == "POST" ? take_consent(request, stop) : show_consent(request, stop);
  }
  if (path == paths::kToken) return exchange(request);
  if (path == paths::kRegister) return register_client(request);
  if (path == paths::kRevoke) return revoke(request);
  return json_reply(200, resource_metadata(deployment_));
}

HttpReply OAuthFront::show_consent(const HttpRequest& request, const std::stop_token& stop) const {
  if (!pages_.take(request.client)) {
    return too_many(refusal_page(429, "Too many authorizations were begun from your address",
                                 "Wait a minute and connect the program anew."),
                    pages_);
  }
  auto judged = judge_authorization_request(query_of(request), deployment_, sources_, stop);
  if (const auto* untrusted = std::get_if<UntrustedRequest>(&judged)) {
    return refusal_page(untrusted->status, untrusted->why,
                        untrusted->next_step.empty()
                            ? "Nothing was connected, and you are not sent on: what asked cannot "
                              "be trusted to be what it says."
                            : "Nothing was connected. " + untrusted->next_step);
  }
  if (const auto* faulty = std::get_if<FaultyRequest>(&judged)) {
    return fault_page(deployment_, *faulty);
  }
  const std::string cookie =
      ConsentTickets::choose_cookie(cookie_of(request, tickets_.cookie_name()));
  auto& pending = std::get<PendingRequest>(judged);
  pending.id = random_id();
  pending.until = clock_.wall() + ConsentTickets::kLifetime;
  return ask_again(pending, cookie, {});
}

HttpReply OAuthFront::ask_again(const PendingRequest& pending, const std::string& cookie,
                                const ConsentNote& note) const {
  HttpReply reply = consent_page(deployment_, pending, tickets_.seal(pending, cookie), note);
  reply.headers.emplace_back("Set-Cookie", tickets_.set_cookie(cookie));
  return reply;
}

HttpReply OAuthFront::take_consent(const HttpRequest& request, const std::stop_token& stop) const {
  const base::HeaderValue origin = base::find_header(request.headers, "Origin");
  if (origin.count > 1 || (origin.count == 1 && origin.value != deployment_.issuer)) {
    return refusal_page(403, "The form was sent by another site", kStartAnew);
  }
  const auto form = read_form(request);
  if (!form) return refusal_page(400, form.error().message, kStartAnew);
  const std::string cookie(cookie_of(request, tickets_.cookie_name()));
  auto pending = tickets_.open(form->get("ticket"), cookie);
  if (!pending) {
    return refusal_page(403,
                        "The form is older than ten minutes, or your browser did not keep the "
                        "cookie that goes with it",
                        kStartAnew);
  }
  return decide(*std::move(pending), *form, cookie, request.client, stop);
}

HttpReply OAuthFront::decide(PendingRequest pending, const Parameters& form,
                             const std::string& cookie, std::string_view client,
                             const std::stop_token& stop) const {
  // Before anything is made of it: what was agreed to is neither declined nor asked for again.
  const auto is_used = grants_->is_known(pending.id);
  if (!is_used) return cannot_remember(is_used.error());
  if (*is_used) return already_agreed();
  const std::string_view decision = form.get("decision");
  if (decision == "deny") {
    return redirect_to(redirect_with_error(pending.redirect_uri, deployment_.issuer, pending.state,
                                           {"access_denied", "the person said no"}));
  }
  ConsentNote note;
  note.create_is_checked = form.get("create") == "yes";
  const Scope scope =
      pending.scope == Scope::create && note.create_is_checked ? Scope::create : Scope::read;
  std::string key(trim(form.get("api_key")));
  const bool is_unchecked = decision == "unchecked" && key.empty();
  if (key.empty()) key = pending.unchecked_key;
  pending.unchecked_key.clear();
  if (!is_key(key)) {
    note.error = "That is not a Motion API key: those begin with motion_ and have no spaces.";
    note.status = 400;
    return ask_again(pending, cookie, note);
  }
  if (!keys_.take(client)) {
    note.error = "Too many keys were tried from your address. Wait a minute, then try again.";
    note.status = 429;
    return too_many(ask_again(pending, cookie, note), keys_);
  }
  if (is_unchecked) return grant(pending, std::move(key), scope);
  switch (check_key_(key, stop)) {
    case KeyVerdict::good:
      return grant(pending, std::move(key), scope);
    case KeyVerdict::bad:
      note.error = "Motion refuses this key. Look whether it is whole and still valid.";
      note.status = 400;
      break;
    case KeyVerdict::unknown:
      note.unsure =
          "Motion could not tell whether this key is good: it was not reached, or did not answer "
          "as "
          "usual. You can have it checked again, or connect without the check; a key that is not "
          "good shows when it is first used.";
      pending.unchecked_key = std::move(key);
      break;
  }
  return ask_again(pending, cookie, note);
}

HttpReply OAuthFront::grant(const PendingRequest& pending, std::string api_key, Scope scope) const {
  // Remembered for as long as any form of the request is good.
  const auto use = grants_->use(pending.id, 0, clock_.wall(), pending.until);
  if (!use) return cannot_remember(use.error());
  if (use->verdict != GrantStore::Use::Verdict::first) return already_agreed();
  AuthorizationCode code;
  code.grant = {random_id(), pending.client_id, std::move(api_key), scope};
  code.redirect = digest_of(pending.redirect_uri);
  code.challenge = pending.challenge;
  code.may_refresh = pending.may_refresh;
  return redirect_to(redirect_with_code(pending.redirect_uri, deployment_.issuer, pending.state,
                                        tokens_.seal(code)));
}

HttpReply OAuthFront::register_client(const HttpRequest& request) const {
  if (!registrations_.take(request.client)) {
    return too_many(error_reply({"temporarily_unavailable",
                                 "too many clients were registered from this address", 429}),
                    registrations_);
  }
  if (!has_media_type(request, "application/json")) {
    return error_reply(
        {"invalid_client_metadata", "the Content-Type must be application/json", 415});
  }
  const auto answer = registered_->add(request.body);
  if (const auto* error = std::get_if<OAuthError>(&answer)) return error_reply(*error);
  return json_reply(201, std::get<Json>(answer));
}

HttpReply OAuthFront::exchange(const HttpRequest& request) const {
  const auto form = read_form(request);
  if (!form) return error_reply({"invalid_request", form.error().message});
  const auto answer = token_endpoint_.exchange(*form);
  if (const auto* error = std::get_if<OAuthError>(&answer)) return error_reply(*error);
  return json_reply(200, std::get<Json>(answer));
}

HttpReply OAuthFront::revoke(const HttpRequest& request) const {
  const auto form = read_form(request);
  if (!form) return error_reply({"invalid_request", form.error().message});
  if (const auto error = token_endpoint_.revoke(*form)) return error_reply(*error);
  return json_reply(200, Json::object());
}

std::optional<Grant> OAuthFront::open_access(std::string_view token) const {
  auto grant = tokens_.open_access(token);
  if (!grant || grants_->is_revoked(grant->id)) return std::nullopt;
  return *std::move(grant);
}

}  // namespace motion_mcp::auth
