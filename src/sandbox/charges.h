#pragma once

// What the sandbox charged, for tests to prove that nothing was paid twice. Not thread-safe.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace motion_mcp::sandbox {

enum class ChargeKind { create, followup };

struct Charge {
  std::string job_id;
  ChargeKind kind = ChargeKind::create;
  std::string owner;   // base/owner.h, never the key
  std::string prompt;  // its beginning
  base::WallTime at;
};

class Charges {
 public:
  // Every create or followup that was asked for, whatever the answer.
  void count_post() { ++posts_; }
  void add(std::string job_id, ChargeKind kind, std::string owner, std::string_view prompt,
           base::WallTime at);

  // {"charges": [...oldest first], "totals": {...}}: the answer of GET /_sandbox/ledger.
  [[nodiscard]] Json to_json() const;

 private:
  std::vector<Charge> charges_;
  std::size_t posts_ = 0;
};

}  // namespace motion_mcp::sandbox
