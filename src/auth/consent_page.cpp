#include "auth/consent_page.h"

#include <utility>

#include "auth/page_template.h"
#include "auth/redirect_rules.h"
#include "auth_pages.h"
#include "base/base64.h"
#include "base/digest.h"
#include "net/url.h"

namespace motion_mcp::auth {
namespace {

base::HttpReply page_reply(int status, std::string html, std::string_view more_policy) {
  static const std::string kStyleDigest = base::encode_base64(base::sha256(embedded::kStyle));
  std::string policy = "default-src 'none'; style-src 'sha256-" + kStyleDigest +
                       "'; frame-ancestors 'none'; base-uri 'none'";
  policy += more_policy;
  return {status,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Content-Security-Policy", std::move(policy)},
           {"X-Frame-Options", "DENY"},
           {"X-Content-Type-Options", "nosniff"},
           // No other site is told. With no-referrer browsers would send the form with "Origin:
           // null", which a page in a sandboxed frame sends, too (Fetch, section 3.2).
           {"Referrer-Policy", "same-origin"}},
          std::move(html)};
}

// Reasons are clauses. One that begins with a name, of a host or a parameter, stays as it is.
std::string sentence(std::string text) {
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  const bool is_name = word.find_first_of("._:[") != std::string_view::npos;
  if (!text.empty() && !is_name && text[0] >= 'a' && text[0] <= 'z') text[0] -= 'a' - 'A';
  return text;
}

base::HttpReply refusal(int status, PageValues values) {
  values["style"] = embedded::kStyle;
  values["why"] = sentence(std::move(values["why"]));
  return page_reply(status, render_page(embedded::kRefusal, values), "; form-action 'none'");
}

std::string yes_if(bool condition) {
  return condition ? "yes" : "";
}

}  // namespace

base::HttpReply consent_page(const Deployment& deployment, const PendingRequest& request,
                             std::string_view ticket, const ConsentNote& note) {
  const bool is_web = request.redirect_uri.starts_with("https://");
  const auto here = net::parse_url(deployment.issuer);
  const PageValues values = {{"style", std::string(embedded::kStyle)},
                             {"client", request.client_name},
                             {"document", request.client_host},
                             {"registered", yes_if(request.client_host.empty())},
                             {"destination", redirect_host(request.redirect_uri)},
                             {"local", yes_if(!is_web)},
                             {"action", std::string(paths::kAuthorize)},
                             {"ticket", std::string(ticket)},
                             {"create", yes_if(request.scope == Scope::create)},
                             {"checked", yes_if(note.create_is_checked)},
                             {"here", here ? here->host_header() : deployment.issuer},
                             {"error", note.error},
                             {"unsure", note.unsure},
                             {"sure", yes_if(note.unsure.empty())},
                             {"noted", yes_if(!note.error.empty() || !note.unsure.empty())},
                             {"key_needed", yes_if(request.unchecked_key.empty())}};
  // No form-action: Chromium holds every redirect after the form to it, also those that the
  // client's own callback makes (claude.ai to claude://), and nobody but the client knows them.
  // There is no script that could change where the form goes, and what a person can set is escaped.
  return page_reply(note.status, render_page(embedded::kConsent, values), {});
}

base::HttpReply refusal_page(int status, std::string_view why, std::string_view next_step) {
  return refusal(status, {{"title", "This cannot be connected to Motion"},
                          {"why", std::string(why)},
                          {"next_step", std::string(next_step)}});
}

base::HttpReply fault_page(const Deployment& deployment, const FaultyRequest& request) {
  return refusal(400, {{"title", request.client_name + " asked for something that cannot be done"},
                       {"why", request.error.description},
                       {"next_step", "Nothing was connected. This is a fault of the client."},
                       {"destination", redirect_host(request.redirect_uri)},
                       {"link", redirect_with_error(request.redirect_uri, deployment.issuer,
                                                    request.state, request.error)}});
}

base::HttpReply redirect_to(std::string location) {
  return {303, {{"Location", std::move(location)}, {"Referrer-Policy", "no-referrer"}}, {}};
}

}  // namespace motion_mcp::auth
