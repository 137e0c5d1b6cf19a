#include "app/oauth_metadata.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/base64.h"
#include "base/digest.h"
#include "base/percent_encode.h"
#include "net/ascii.h"

namespace motion_mcp::app {

std::string origin_of(const net::Url& url) {
  return (url.https ? "https://" : "http://") + url.host_header();
}

std::string well_known(const net::Url& url, std::string_view name) {
  const std::string path = url.target == "/" ? std::string() : url.target;
  return origin_of(url) + std::string(name) + path;
}

std::string_view without_slash(std::string_view url) {
  if (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

std::string text_at(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

bool list_holds(const Json& object, const char* name, std::string_view value) {
  const auto list = object.find(name);
  return list != object.end() && list->is_array() &&
         std::any_of(list->begin(), list->end(), [&](const Json& item) {
           return item.is_string() && item.get_ref<const std::string&>() == value;
         });
}

bool is_true(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_boolean() && member->get<bool>();
}

bool has_json_type(const net::HttpResponse& answer) {
  const auto type = net::find_header(answer.headers, "Content-Type").value_or("");
  return net::to_lower(type).starts_with("application/json");
}

std::optional<std::string> auth_parameter(std::string_view header, std::string_view name) {
  const std::string sought = std::string(name) + "=";
  for (std::size_t at = header.find(sought); at != std::string_view::npos;
       at = header.find(sought, at + 1)) {
    if (at > 0 && header[at - 1] != ' ' && header[at - 1] != ',') continue;
    const std::string_view rest = header.substr(at + sought.size());
    if (!rest.starts_with('"')) return std::string(rest.substr(0, rest.find_first_of(", ")));
    return std::string(rest.substr(1, rest.find('"', 1) - 1));
  }
  return std::nullopt;
}

std::string authorization_url(const AuthorizationRequest& request) {
  const std::string challenge = base::encode_base64url(base::sha256(request.verifier));
  std::string url(request.endpoint);
  char separator = url.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"response_type", "code"},
           {"client_id", request.client_id},
           {"redirect_uri", request.redirect_uri},
           {"code_challenge", challenge},
           {"code_challenge_method", "S256"},
           {"state", request.state},
           {"scope", request.scope},
           {"resource", request.resource}}) {
    if (value.empty()) continue;
    url += separator;
    url.append(name).append("=").append(base::percent_encode(value));
    separator = '&';
  }
  return url;
}

}  // namespace motion_mcp::app
