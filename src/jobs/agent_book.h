#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sqlite.h"

namespace motion_mcp::jobs {

// An agent of Mosaic that can make another clip.
struct KnownAgent {
  std::string agent_id;
  std::string node_id;  // its Video Generation node; empty while it has none
};

// The agents of each owner (base/owner.h), by a label of the caller's choice, in a file of the
// ledger's form (ledger_file.h). Opened at first use. Thread-safe. While the file cannot be used
// nothing is known, and clips get agents of their own: an agent costs nothing.
class AgentBook {
 public:
  // `path` as in Ledger::Options.
  explicit AgentBook(std::string path);

  std::optional<KnownAgent> find(std::string_view owner, std::string_view label);
  // In the place of what was known.
  void remember(std::string_view owner, std::string_view label, const KnownAgent& agent);
  // Unless another agent took the place.
  void remember_again(std::string_view owner, std::string_view label, const KnownAgent& agent);
  // Takes the agent out of the book; true for one taker alone, of all threads and processes.
  bool take(std::string_view owner, std::string_view label, std::string_view agent_id);
  void forget(std::string_view owner, std::string_view label, std::string_view agent_id);

 private:
  Result<base::Database*> opened();
  void run(std::string_view sql, std::initializer_list<base::Database::Value> values);

  const std::string path_;
  std::mutex mutex_;  // what follows
  std::optional<base::Database> database_;
};

}  // namespace motion_mcp::jobs
