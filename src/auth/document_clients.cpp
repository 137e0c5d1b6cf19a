#include "auth/document_clients.h"

#include <algorithm>
#include <utility>

#include "auth/client_document.h"

namespace motion_mcp::auth {

DocumentClients::DocumentClients(DocumentFetch& fetch, const base::Clock& clock, Limits limits)
    : fetch_(fetch), clock_(clock), limits_(limits) {}

DocumentClients::DocumentClients(DocumentFetch& fetch, const base::Clock& clock)
    : DocumentClients(fetch, clock, Limits()) {}

bool DocumentClients::knows_kind(std::string_view client_id) const {
  return client_id.starts_with("https://");
}

Result<Client> DocumentClients::find(std::string_view client_id,
                                     const std::stop_token& stop) const {
  TRY(check_client_url(client_id));
  const std::string url(client_id);
  std::unique_lock lock(mutex_);
  // Again after each wait: the caller who fetched may have left without an answer.
  while (true) {
    if (const auto* outcome = look_up(url)) return *outcome;
    if (!under_way_.contains(url)) break;
    if (!fetched_.wait(lock, stop, [&] { return !under_way_.contains(url); })) {
      return Error{ErrorKind::cancelled, "the caller left"};
    }
  }
  if (under_way_.size() >= limits_.fetches) {
    return Error{ErrorKind::unavailable, "too many clients' metadata is being fetched just now",
                 "Try again in a moment."};
  }
  under_way_.insert(url);
  lock.unlock();
  Kept kept = ask(url, stop);
  lock.lock();
  under_way_.erase(url);
  fetched_.notify_all();
  if (kept.outcome) {
    keep(clients_, limits_.kept, url, kept);
  } else if (kept.outcome.error().kind != ErrorKind::cancelled) {
    keep(failures_, limits_.failed, url, kept);
  }
  return std::move(kept.outcome);
}

// Nullptr when the document has to be fetched.
const Result<Client>* DocumentClients::look_up(std::string_view url) const {
  const auto now = clock_.now();
  for (Table* table : {&clients_, &failures_}) {
    const auto found = table->find(url);
    if (found == table->end()) continue;
    if (found->second.until > now) {
      found->second.used = now;
      return &found->second.outcome;
    }
    table->erase(found);
  }
  return nullptr;
}

DocumentClients::Kept DocumentClients::ask(const std::string& url,
                                           const std::stop_token& stop) const {
  const auto document = fetch_.fetch(url, stop);
  auto client =
      document ? read_client_document(url, document->body) : Result<Client>(document.error());
  const auto now = clock_.now();
  const std::chrono::seconds lifetime =
      client ? std::clamp(document->fresh_for.value_or(limits_.usual), limits_.shortest,
                          limits_.longest)
             : limits_.hold_off;
  return {std::move(client), now + lifetime, now};
}

// Makes place by what is used least.
void DocumentClients::keep(Table& table, std::size_t limit, const std::string& url, Kept kept) {
  if (table.size() >= limit && !table.contains(url)) {
    table.erase(std::min_element(table.begin(), table.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    }));
  }
  table.insert_or_assign(url, std::move(kept));
}

}  // namespace motion_mcp::auth
