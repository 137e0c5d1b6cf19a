#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"

namespace motion_mcp::mcp {

// A JSON Schema that arguments are held against (the keywords that draft-07 and 2020-12 share;
// string lengths count code points). The same text that clients are shown, so there is one truth.
// Thread-safe; compiled at the first use, because most processes never serve a call.
class Schema {
 public:
  // `schema` must outlive this object. A schema that cannot be compiled aborts at the first use.
  explicit Schema(const Json& schema);
  ~Schema();
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) = delete;

  // What is wrong with `value`, one clause for each place, in words that name the path, the limit
  // and what was sent; empty when it is valid. At most kMaxFaults clauses.
  [[nodiscard]] std::vector<std::string> faults_in(const Json& value) const;

  static constexpr std::size_t kMaxFaults = 5;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace motion_mcp::mcp
