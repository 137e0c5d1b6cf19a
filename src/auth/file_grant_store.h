#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "auth/grant_store.h"
#include "auth/revoked_grants.h"
#include "base/sqlite.h"

namespace motion_mcp::auth {

// In a SQLite file, for servers on one machine: it outlives them and they may share it. Holds
// random ids and times, neither keys nor tokens.
class FileGrantStore final : public GrantStore {
 public:
  // Makes the file when there is none (base/database_file.h). unavailable names it.
  static Result<std::unique_ptr<FileGrantStore>> open(const std::string& path, base::WallTime now);

  Result<Use> use(std::string_view grant, std::int64_t generation, base::WallTime now,
                  base::WallTime keep_until) override;
  Result<bool> is_known(std::string_view grant) override;
  Result<void> revoke(std::string_view grant, base::WallTime now,
                      base::WallTime keep_until) override;
  // What another process ended is known here once the grant is used.
  [[nodiscard]] bool is_revoked(std::string_view grant) const override;

 private:
  explicit FileGrantStore(base::Database database) : database_(std::move(database)) {}

  Result<void> load_revoked(base::WallTime now);
  Result<Use> use_within(std::string_view grant, std::int64_t generation, base::WallTime now,
                         base::WallTime keep_until);

  std::mutex mutex_;
  base::Database database_;
  RevokedGrants revoked_;
};

}  // namespace motion_mcp::auth
