#include "tools/motioness_project.h"

#include <string>

#include "motioness/key.h"

namespace motion_mcp::tools {

Result<motioness::Project> motioness_project(const MotionessServices& services,
                                             const mcp::Caller& caller) {
  const std::string key(caller.key(kMotionessCredential));
  TRY(motioness::check_project_key(key));
  // A URL that was to be signed must not come out unsigned.
  if (services.secret_problem) return *services.secret_problem;
  return motioness::Project{services.base_url, key, services.signing_secret};
}

}  // namespace motion_mcp::tools
