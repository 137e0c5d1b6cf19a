#include "sandbox/http.h"

#include "base/json_value.h"

namespace motion_mcp::sandbox {

Reply json_reply(int status, const Json& body) {
  return {status, "application/json; charset=utf-8", {}, body.dump()};
}

Reply method_not_allowed(std::string allowed) {
  Reply reply = json_reply(405, {{"error", "Method not allowed"}});
  reply.headers.emplace_back("Allow", std::move(allowed));
  return reply;
}

}  // namespace motion_mcp::sandbox
