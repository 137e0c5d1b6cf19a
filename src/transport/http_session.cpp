#include "transport/http_session.h"

#include <array>

#include "base/base64.h"
#include "base/random.h"
#include "jsonrpc/message.h"

namespace motion_mcp::transport {
namespace {

// What a server may ask its client for.
constexpr std::array<const char*, 3> kRemembered = {"elicitation", "sampling", "roots"};
constexpr std::size_t kMaxCapabilityBytes = 1024;
constexpr std::size_t kNonceBytes = 12;

}  // namespace

std::optional<std::string> make_session_id(const base::SealKeys& keys, std::string_view owner,
                                           const Json& client_capabilities) {
  Json kept = Json::object();
  for (const char* name : kRemembered) {
    if (client_capabilities.contains(name)) kept[name] = client_capabilities[name];
  }
  const std::string capabilities = jsonrpc::print(kept);
  if (kept.empty() || capabilities.size() > kMaxCapabilityBytes) return std::nullopt;
  const std::string nonce = base::encode_base64url(base::random_bytes(kNonceBytes));
  return base::seal(keys, base::SealPurpose::session, owner, nonce + "\n" + capabilities);
}

std::optional<HttpSession> open_session_id(const base::SealKeys& keys, std::string_view owner,
                                           std::string_view id) {
  const auto text = base::open_sealed(keys, base::SealPurpose::session, owner, id);
  if (!text) return std::nullopt;
  const std::size_t line_end = text->find('\n');
  auto capabilities = jsonrpc::parse_json(std::string_view(*text).substr(line_end + 1));
  if (!capabilities) return std::nullopt;
  return HttpSession{*std::move(capabilities), text->substr(0, line_end)};
}

}  // namespace motion_mcp::transport
