#include "app/oauth.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "auth/document_clients.h"
#include "auth/file_grant_store.h"
#include "auth/guarded_fetch.h"
#include "auth/memory_grant_store.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "motion/client.h"
#include "net/tls.h"

namespace motion_mcp::app {
namespace {

// A person waits for it, before a page.
constexpr std::chrono::seconds kKeyCheckTime{8};

// Asks for a job that nobody has: the service answers 404 to a key that is good and 401 to one that
// is not, and nothing is spent either way.
auth::KeyCheck make_key_check(const Program& program) {
  const auto client = std::make_shared<const motion::Client>(
      program.http(), base::system_clock(), motion::Client::Options{program.api_base_url()});
  return [client](std::string_view api_key, const std::stop_token& stop) {
    const auto job = client->get_once(api_key, base::random_uuid(), stop, kKeyCheckTime);
    if (job || job.error().kind == ErrorKind::not_found) return auth::KeyVerdict::good;
    if (job.error().kind == ErrorKind::unauthenticated) return auth::KeyVerdict::bad;
    return auth::KeyVerdict::unknown;
  };
}

using Store = std::unique_ptr<auth::GrantStore>;

Result<Store> open_store(const HttpConfig& config) {
  if (config.oauth_store.empty()) return Store(std::make_unique<auth::MemoryGrantStore>());
  auto file = auth::FileGrantStore::open(config.oauth_store, base::system_clock().wall());
  if (file) return Store(*std::move(file));
  if (config.oauth_store_was_given) return std::move(file).error();
  base::log_warning(file.error().message +
                    ". They are remembered in memory: what was ended before a restart may be used "
                    "after it, until it expires.");
  return Store(std::make_unique<auth::MemoryGrantStore>());
}

// Clients that describe themselves, with what their documents are fetched by.
class ClientDocuments final : public auth::ClientSource {
 public:
  explicit ClientDocuments(const Config& config)
      : trust_(config.ca_file, config.ca_dir),
        fetch_(trust_, fetch_options(config.http)),
        clients_(fetch_, base::system_clock()) {}

  [[nodiscard]] bool knows_kind(std::string_view client_id) const override {
    return clients_.knows_kind(client_id);
  }
  [[nodiscard]] Result<auth::Client> find(std::string_view client_id,
                                          const std::stop_token& stop) const override {
    return clients_.find(client_id, stop);
  }

 private:
  static auth::GuardedFetch::Options fetch_options(const HttpConfig& config) {
    auth::GuardedFetch::Options options;
    options.known_hosts = config.oauth_client_hosts;
    return options;
  }

  net::TrustStore trust_;
  auth::GuardedFetch fetch_;
  auth::DocumentClients clients_;
};

std::string_view path_of(const transport::HttpRequest& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

// Holds one of the places for work.
class Place {
 public:
  explicit Place(std::atomic<std::size_t>& taken) : taken_(taken), count_(++taken) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] bool is_within(std::size_t most) const { return count_ <= most; }

 private:
  std::atomic<std::size_t>& taken_;
  const std::size_t count_;
};

}  // namespace

Result<std::unique_ptr<auth::OAuthFront>> make_oauth(
    const Config& config, const Program& program, const std::string& issuer,
    std::shared_ptr<const base::SealKeys> seal_keys) {
  auth::OAuthFront::Parts parts;
  parts.issuer = issuer;
  parts.seal_keys = std::move(seal_keys);
  parts.grants = TRY(open_store(config.http));
  parts.check_key = make_key_check(program);
  parts.sources.push_back(std::make_shared<const ClientDocuments>(config));
  return std::make_unique<auth::OAuthFront>(std::move(parts), base::system_clock());
}

transport::HttpTokens tokens_of(const auth::OAuthFront& oauth) {
  const auto open = [&oauth](std::string_view token) -> std::optional<transport::HttpCaller> {
    auto grant = oauth.open_access(token);
    if (!grant) return std::nullopt;
    return transport::HttpCaller{{std::move(grant->api_key)}, grant->scope == auth::Scope::read};
  };
  return {open, oauth.deployment().resource_metadata_url(), to_string(auth::Scope::create)};
}

std::optional<transport::HttpReply> OAuthService::refuse(const transport::HttpRequest& head) const {
  if (!auth::OAuthFront::owns(path_of(head))) return endpoint_.refuse(head);
  if (auto refusal = transport::refuse_host(access_, head)) return refusal;
  return oauth_.refuse(head);
}

transport::HttpAnswer OAuthService::serve(const transport::HttpRequest& request) const {
  if (!auth::OAuthFront::owns(path_of(request))) return endpoint_.serve(request);
  transport::HttpAnswer answer;
  answer.subject.method = "oauth";
  if (auto refusal = transport::refuse_host(access_, request)) {
    answer.step = *std::move(refusal);
    return answer;
  }
  if (auth::OAuthFront::is_quick(request)) {
    answer.step = oauth_.serve(request, {});
    return answer;
  }
  // Pages wait for others' servers. Those who open many must not stand in the way of the programs
  // that exchange and refresh tokens.
  const bool is_page = auth::OAuthFront::is_for_person(request);
  auto place = std::make_shared<Place>(is_page ? pages_at_once_ : others_at_once_);
  if (!place->is_within(is_page ? kMostPagesAtOnce : kMostOthersAtOnce)) {
    answer.step = auth::OAuthFront::busy(request);
    return answer;
  }
  transport::HttpWork work;
  // A page may have a stranger's host asked, within limits that hold for one who leaves, too: its
  // fetch keeps its place until it is over, and what came of it is remembered.
  work.ends_with_client = !(is_page && request.method == "GET");
  work.run = [this, request, place = std::move(place)](const mcp::RunContext& context) {
    return oauth_.serve(request, context.stop);
  };
  answer.step = std::move(work);
  return answer;
}

}  // namespace motion_mcp::app
