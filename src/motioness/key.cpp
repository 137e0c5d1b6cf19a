#include "motioness/key.h"

#include <algorithm>

namespace motion_mcp::motioness {
namespace {

constexpr const char* kKeyStep =
    "Take the project key from the Motioness dashboard (https://motioness.com) and give it to this "
    "server as MOTIONESS_PROJECT_KEY, or over HTTP in the header X-Motioness-Project-Key.";
constexpr const char* kSecretStep =
    "Give the project's signing secret to this server as MOTIONESS_SIGNING_SECRET, as Motioness "
    "showed it when signing was enabled.";

// What a path segment carries as it is (RFC 3986 section 2.3).
bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<void> check_project_key(std::string_view project_key) {
  if (project_key.empty()) {
    return Error{ErrorKind::no_credential, "no Motioness project key is set", kKeyStep};
  }
  const bool fits_a_path = std::all_of(project_key.begin(), project_key.end(), is_unreserved);
  if (!fits_a_path || !project_key.starts_with("pk_")) {
    return Error{ErrorKind::no_credential,
                 "the key that is set is not a Motioness project key: those start with pk_ and "
                 "have no spaces",
                 kKeyStep};
  }
  return {};
}

Result<void> check_signing_secret(std::string_view secret) {
  const bool is_visible =
      std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (!secret.empty() && is_visible) return {};
  return Error{ErrorKind::no_credential, "what is set is not a Motioness signing secret",
               kSecretStep};
}

}  // namespace motion_mcp::motioness
