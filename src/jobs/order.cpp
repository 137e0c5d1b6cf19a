#include "jobs/order.h"

#include <array>

#include "base/digest.h"
#include "base/json_value.h"
#include "net/ascii.h"

namespace motion_mcp::jobs {

std::string order_digest(std::string_view tool, const Json& arguments) {
  constexpr std::array kOurs = {"allow_duplicate", "confirm_token"};
  // nlohmann's own object type sorts its members.
  nlohmann::json canonical = arguments;
  for (const char* name : kOurs) canonical.erase(name);
  if (const auto job_id = canonical.find("job_id");
      job_id != canonical.end() && job_id->is_string()) {
    *job_id = net::to_lower(job_id->get_ref<const std::string&>());
  }
  return base::sha256_hex(std::string(tool) + "\n" +
                          canonical.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace motion_mcp::jobs
