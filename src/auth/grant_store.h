#pragma once

// What must be remembered of grants, because tokens that carry everything in themselves cannot say
// that they were used: the one thing that replicas would have to share.

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace motion_mcp::auth {

// A grant is what a person agreed to once. It yields a code (generation 0), which is good for one
// use, then refresh tokens of generation 1, 2, 3 ...: the use of one makes the next.
//
// The request that a person answers by a grant is used in the same way, once.
//
// A store that knows nothing of a grant, because it was lost or is another replica's, takes any
// generation as its first: nobody is logged out, and a replay passes once. Thread-safe.
class GrantStore {
 public:
  virtual ~GrantStore() = default;

  struct Use {
    enum class Verdict {
      first,     // and remembered from now on
      repeated,  // the generation that was used last
      outdated,  // one before that
      revoked,
    };
    Verdict verdict = Verdict::first;
    base::WallTime first_used;  // of a repeated one
  };
  // Uses a generation; of two that do so at once, one is first. May block on a disk. What is known
  // of the grant may be forgotten after `keep_until`. unavailable when it cannot be known.
  virtual Result<Use> use(std::string_view grant, std::int64_t generation, base::WallTime now,
                          base::WallTime keep_until) = 0;

  // Whether a use of it is remembered, or its end. May block on a disk. unavailable when it cannot
  // be known.
  virtual Result<bool> is_known(std::string_view grant) = 0;

  // Ends a grant; it stays ended until `keep_until`. May block on a disk. Holds for this process
  // even when the error is returned.
  virtual Result<void> revoke(std::string_view grant, base::WallTime now,
                              base::WallTime keep_until) = 0;

  // Whether a grant was ended, as far as this process knows. Never blocks.
  [[nodiscard]] virtual bool is_revoked(std::string_view grant) const = 0;
};

}  // namespace motion_mcp::auth
