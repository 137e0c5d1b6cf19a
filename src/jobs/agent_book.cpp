#include "jobs/agent_book.h"

#include <utility>

#include "jobs/ledger_file.h"

namespace motion_mcp::jobs {

AgentBook::AgentBook(std::string path) : path_(std::move(path)) {}

std::optional<KnownAgent> AgentBook::find(std::string_view owner, std::string_view label) {
  const std::scoped_lock lock(mutex_);
  const auto database = opened();
  if (!database) return std::nullopt;
  const auto rows = (*database)->query(
      "SELECT agent_id, node_id FROM agents WHERE owner = ?1 AND label = ?2", {owner, label});
  if (!rows || rows->empty()) return std::nullopt;
  return KnownAgent{rows->front().text(0), rows->front().text(1)};
}

void AgentBook::remember(std::string_view owner, std::string_view label, const KnownAgent& agent) {
  run("INSERT OR REPLACE INTO agents (owner, label, agent_id, node_id) VALUES (?1, ?2, ?3, ?4)",
      {owner, label, agent.agent_id, agent.node_id});
}

void AgentBook::remember_again(std::string_view owner, std::string_view label,
                               const KnownAgent& agent) {
  run("INSERT OR IGNORE INTO agents (owner, label, agent_id, node_id) VALUES (?1, ?2, ?3, ?4)",
      {owner, label, agent.agent_id, agent.node_id});
}

bool AgentBook::take(std::string_view owner, std::string_view label, std::string_view agent_id) {
  const std::scoped_lock lock(mutex_);
  const auto database = opened();
  if (!database) return false;
  const auto taken = (*database)->query(
      "DELETE FROM agents WHERE owner = ?1 AND label = ?2 AND agent_id = ?3 RETURNING agent_id",
      {owner, label, agent_id});
  return taken && !taken->empty();
}

void AgentBook::forget(std::string_view owner, std::string_view label, std::string_view agent_id) {
  run("DELETE FROM agents WHERE owner = ?1 AND label = ?2 AND agent_id = ?3",
      {owner, label, agent_id});
}

// A file that cannot be opened is tried again at the next call: the ledger, which shares it, says
// in the log what is wrong.
Result<base::Database*> AgentBook::opened() {
  if (!database_) database_.emplace(TRY(open_ledger_file(path_)));
  return &*database_;
}

void AgentBook::run(std::string_view sql, std::initializer_list<base::Database::Value> values) {
  const std::scoped_lock lock(mutex_);
  const auto database = opened();
  if (database) (void)(*database)->run(sql, values);
}

}  // namespace motion_mcp::jobs
