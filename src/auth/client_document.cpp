#include "auth/client_document.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "auth/client_metadata.h"
#include "base/json_value.h"
#include "net/ascii.h"
#include "net/url.h"

namespace motion_mcp::auth {
namespace {

constexpr std::uint16_t kHttpsPort = 443;

Error bad_id(std::string why) {
  return Error{ErrorKind::invalid_argument,
               "the client_id is no URL of a client's metadata: " + std::move(why)};
}

Error bad_document(std::string why) {
  return Error{ErrorKind::invalid_argument, "the client's metadata document " + std::move(why)};
}

// "." and "..", also where a dot is written as %2e (WHATWG URL, "dot path segment").
bool is_dot_segment(std::string_view segment) {
  std::string plain;
  while (!segment.empty()) {
    const bool is_encoded = net::to_lower(segment.substr(0, 3)) == "%2e";
    plain += is_encoded ? '.' : segment.front();
    segment.remove_prefix(is_encoded ? 3 : 1);
  }
  return plain == "." || plain == "..";
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (is_dot_segment(path.substr(0, slash))) return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

const std::string* text_member(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? &member->get_ref<const std::string&>()
                                                       : nullptr;
}

// A secret that stands in a public document is none (section 4.1).
Result<void> refuse_secrets(const Json& document) {
  if (document.contains("client_secret") || document.contains("client_secret_expires_at")) {
    return bad_document("must not hold a client_secret");
  }
  const std::string* method = text_member(document, "token_endpoint_auth_method");
  if (method != nullptr && method->starts_with("client_secret_")) {
    return bad_document("must not ask for " + *method + ", which needs a shared secret");
  }
  return {};
}

}  // namespace

Result<void> check_client_url(std::string_view text) {
  if (text.size() > kMaxClientUrlBytes) {
    return bad_id("it is longer than " + std::to_string(kMaxClientUrlBytes) + " bytes");
  }
  if (text.find('#') != std::string_view::npos) return bad_id("it has a fragment");
  const auto url = net::parse_url(text);
  if (!url) return bad_id(url.error().message);
  if (!url->https) return bad_id("it does not begin with https://");
  const std::string_view path = std::string_view(url->target).substr(0, url->target.find('?'));
  if (path == "/") return bad_id("it has no path");
  if (has_dot_segment(path)) return bad_id("its path holds a dot segment");
  // The scheme's own port is no part of host_header.
  if (text != "https://" + url->host_header() + url->target || url->port != kHttpsPort) {
    return bad_id("it names a port, or is not written with a lower-case scheme and host");
  }
  return {};
}

Result<Client> read_client_document(std::string_view url, std::string_view text) {
  const Json document = Json::parse(text, nullptr, false);
  if (!document.is_object()) return bad_document("is no JSON object");
  const std::string* id = text_member(document, "client_id");
  if (id == nullptr || *id != url) {
    return bad_document("does not name the URL it was read from as its client_id");
  }
  TRY(refuse_secrets(document));
  Client client = TRY(read_client_metadata(document));
  if (client.name.empty()) return bad_document("must hold a client_name that can be shown");
  client.id = url;
  client.source = Client::Source::metadata_document;
  return client;
}

}  // namespace motion_mcp::auth
