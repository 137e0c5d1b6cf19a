#include "auth/document_clients.h"

#include <algorithm>
#include <utility>

#include "auth/client_document.h"
#include "net/url.h"

namespace motion_mcp::auth {
namespace {

Error too_busy() {
  return Error{ErrorKind::unavailable, "too many clients' metadata is being fetched just now",
               "Try again in a moment."};
}

}  // namespace

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
  const std::string host = TRY(net::parse_url(url)).host;
  std::unique_lock lock(mutex_);
  // Again after each wait: the caller who fetched may have left without an answer.
  while (true) {
    if (const auto* outcome = look_up(url, host)) return *outcome;
    if (!under_way_.contains(url)) break;
    TRY(wait_for_other(url, lock, stop));
  }
  if (!may_fetch_from(host)) return too_busy();
  under_way_.emplace(url, host);
  lock.unlock();
  Kept kept = ask(url, stop);
  lock.lock();
  under_way_.erase(url);
  fetched_.notify_all();
  remember(url, host, kept);
  return std::move(kept.outcome);
}

Result<void> DocumentClients::wait_for_other(const std::string& url,
                                             std::unique_lock<std::mutex>& lock,
                                             const std::stop_token& stop) const {
  const auto waiting = waiting_.try_emplace(url, 0).first;
  if (waiting->second >= limits_.waiters) return too_busy();
  ++waiting->second;
  const bool is_over = fetched_.wait(lock, stop, [&] { return !under_way_.contains(url); });
  if (--waiting->second == 0) waiting_.erase(waiting);
  if (!is_over) return Error{ErrorKind::cancelled, "the caller left"};
  return {};
}

bool DocumentClients::may_fetch_from(std::string_view host) const {
  const auto from_host = std::count_if(under_way_.begin(), under_way_.end(),
                                       [&](const auto& fetch) { return fetch.second == host; });
  return under_way_.size() < limits_.fetches &&
         static_cast<std::size_t>(from_host) < limits_.fetches_per_host;
}

void DocumentClients::remember(const std::string& url, const std::string& host,
                               const Kept& kept) const {
  if (kept.outcome) return keep(clients_, limits_.kept, url, kept);
  const ErrorKind kind = kept.outcome.error().kind;
  if (kind == ErrorKind::unreachable) return keep(unreachable_, limits_.failed, host, kept);
  // Nobody was asked, or the answer was not waited for: there is nothing to leave alone.
  if (kind == ErrorKind::unavailable || kind == ErrorKind::cancelled) return;
  keep(failures_, limits_.failed, url, kept);
}

// Nullptr when the document has to be fetched.
const Result<Client>* DocumentClients::look_up(std::string_view url, std::string_view host) const {
  const auto now = clock_.now();
  for (const auto& [table, key] :
       {std::pair(&clients_, url), std::pair(&failures_, url), std::pair(&unreachable_, host)}) {
    const auto found = table->find(key);
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
void DocumentClients::keep(Table& table, std::size_t limit, const std::string& key, Kept kept) {
  if (table.size() >= limit && !table.contains(key)) {
    table.erase(std::min_element(table.begin(), table.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    }));
  }
  table.insert_or_assign(key, std::move(kept));
}

}  // namespace motion_mcp::auth
