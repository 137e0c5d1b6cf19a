#include "mcp/listen.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mcp/extension.h"

namespace motion_mcp::mcp {
namespace {

using base::SteadyTime;
using jsonrpc::Code;

constexpr const char* kSubscriptionIdKey = "io.modelcontextprotocol/subscriptionId";

// A watched task that is silent for so long is looked at all the same: its watch may have ended.
constexpr std::chrono::seconds kLongestSilence{60};

// Where watches ring, and the listening thread sleeps.
class Bell {
 public:
  void ring(std::size_t task) {
    const std::lock_guard lock(mutex_);
    rung_.insert(task);
    news_.request_stop();
  }
  void ring(const Change& change) {
    const std::lock_guard lock(mutex_);
    changes_.insert({change.kind, change.uri});
    news_.request_stop();
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    news_.request_stop();
  }

  struct Heard {
    std::set<std::size_t> rung;
    std::set<std::pair<Change::Kind, std::string>> changes;  // each once, however often it was told
    std::stop_token news;                                    // requested when there is more
  };
  Heard take() {
    const std::lock_guard lock(mutex_);
    if (news_.stop_requested()) news_ = std::stop_source();
    return {std::exchange(rung_, {}), std::exchange(changes_, {}), news_.get_token()};
  }

 private:
  std::mutex mutex_;
  std::set<std::size_t> rung_;
  std::set<std::pair<Change::Kind, std::string>> changes_;
  std::stop_source news_;
};

// What a client asked to be told.
struct Filter {
  std::vector<std::string> tasks;
  std::set<Change::Kind> lists;
  std::set<std::string> resources;  // URIs

  [[nodiscard]] bool has_changes() const { return !lists.empty() || !resources.empty(); }
  [[nodiscard]] bool takes(const Change& change) const {
    return change.kind == Change::Kind::resource_updated ? resources.contains(change.uri)
                                                         : lists.contains(change.kind);
  }
};

// The member of the filter that asks for a list's changes.
const char* member_for(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::tools:
      return "toolsListChanged";
    case Change::Kind::prompts:
      return "promptsListChanged";
    case Change::Kind::resources:
      return "resourcesListChanged";
    case Change::Kind::resource_updated:
      break;
  }
  return "resourceSubscriptions";
}

// A task on the stream.
struct Followed {
  KnownTask task;
  TaskCode::Subscription subscription = nullptr;  // null when it can only be looked at
  std::string told = {};
  bool is_over = false;
  SteadyTime next_look = {};
};

class Stream {
 public:
  Stream(const Caller& caller, const TaskMethods& tasks, const base::Clock& clock,
         std::string id_text, const RunContext& context)
      : caller_(caller),
        tasks_(tasks),
        clock_(clock),
        id_text_(std::move(id_text)),
        context_(context) {}

  void run(const Filter& wanted, const std::shared_ptr<Changes>& changes) {
    const std::stop_callback wake(context_.stop, [this] { bell_.wake(); });
    for (const std::string& id : wanted.tasks) {
      if (auto task = tasks_.find(id, caller_)) follow(*std::move(task));
    }
    Changes::Subscription subscription;
    if (wanted.has_changes()) {
      subscription = Changes::subscribe(changes, [this, &wanted](const Change& change) {
        if (wanted.takes(change)) bell_.ring(change);
      });
    }
    hears_changes_ = wanted.has_changes();
    acknowledge(wanted);
    while (!context_.stop.stop_requested() && !is_finished()) {
      const Bell::Heard heard = bell_.take();
      for (const auto& [kind, uri] : heard.changes) tell({kind, uri});
      for (std::size_t i = 0; i < followed_.size(); ++i) {
        if (heard.rung.contains(i) || clock_.now() >= followed_[i].next_look) look(followed_[i]);
      }
      if (!is_finished()) clock_.sleep_until(next_look(), heard.news);
    }
  }

 private:
  void follow(KnownTask task) {
    Followed one{std::move(task)};
    const std::size_t index = followed_.size();
    if (const TaskCode& code = one.task.code; code.watch) {
      const TaskTicket& ticket = one.task.ticket;
      one.subscription = code.watch({ticket.state, ticket.created, caller_, context_.stop},
                                    [this, index] { bell_.ring(index); });
      if (!one.subscription) return;
    }
    bell_.ring(index);
    followed_.push_back(std::move(one));
  }

  void acknowledge(const Filter& wanted) const {
    Json granted = Json::object();
    for (const Change::Kind kind : wanted.lists) granted[member_for(kind)] = true;
    for (const std::string& uri : wanted.resources) granted["resourceSubscriptions"].push_back(uri);
    for (const Followed& one : followed_) granted["taskIds"].push_back(one.task.id);
    context_.notify(jsonrpc::print_notification(
        "notifications/subscriptions/acknowledged",
        {{"notifications", granted}, {"_meta", {{kSubscriptionIdKey, Json::parse(id_text_)}}}}));
  }

  void tell(const Change& change) const {
    if (context_.stop.stop_requested()) return;
    Json params = {{"_meta", {{kSubscriptionIdKey, Json::parse(id_text_)}}}};
    if (!change.uri.empty()) params["uri"] = change.uri;
    context_.notify(jsonrpc::print_notification(notification_for(change.kind), params));
  }

  void look(Followed& one) const {
    if (one.is_over || context_.stop.stop_requested()) return;
    const auto seen = tasks_.look(one.task, caller_, context_.stop);
    if (context_.stop.stop_requested()) return;
    // A task that the tool no longer knows, or that it cannot tell of, has nothing more to say.
    one.is_over = !seen || is_over(seen->status);
    if (!seen) return;
    one.next_look = clock_.now() + (one.subscription ? kLongestSilence : seen->poll_interval);
    if (std::exchange(one.told, seen->gist) == seen->gist) return;
    context_.notify(R"({"jsonrpc":"2.0","method":"notifications/tasks","params":{)" +
                    seen->members + R"(,"_meta":{")" + kSubscriptionIdKey + "\":" + id_text_ +
                    "}}}");
  }

  // Changes may always come.
  [[nodiscard]] bool is_finished() const {
    return !hears_changes_ && std::all_of(followed_.begin(), followed_.end(),
                                          [](const Followed& one) { return one.is_over; });
  }

  [[nodiscard]] SteadyTime next_look() const {
    SteadyTime next = SteadyTime::max();
    for (const Followed& one : followed_) {
      if (!one.is_over) next = std::min(next, one.next_look);
    }
    return next;
  }

  const Caller& caller_;
  const TaskMethods& tasks_;
  const base::Clock& clock_;
  const std::string id_text_;  // of the request, as JSON
  const RunContext& context_;
  Bell bell_;
  bool hears_changes_ = false;
  std::vector<Followed> followed_;  // their watches ring the bell
};

// Each once, in their order, no more than are granted. Nullopt when they are no strings.
std::optional<std::vector<std::string>> wanted_tasks(const Json& notifications) {
  const auto given = notifications.find("taskIds");
  if (given == notifications.end()) return std::vector<std::string>();
  if (!given->is_array()) return std::nullopt;
  std::vector<std::string> wanted;
  std::set<std::string> seen;
  for (const Json& id : *given) {
    if (!id.is_string()) return std::nullopt;
    if (wanted.size() == kMaxListenedTasks) continue;
    if (seen.insert(id.get<std::string>()).second) wanted.push_back(id.get<std::string>());
  }
  return wanted;
}

constexpr std::size_t kMaxListenedResources = 100;

// What of it can be told: nothing when this server never changes.
void want_changes(const Json& notifications, const Catalog& catalog, Filter& filter) {
  if (catalog.changes == nullptr) return;
  const auto want = [&](Change::Kind kind, bool is_there) {
    const auto given = notifications.find(member_for(kind));
    if (is_there && given != notifications.end() && *given == true) filter.lists.insert(kind);
  };
  want(Change::Kind::tools, true);
  want(Change::Kind::prompts, !catalog.prompts.empty());
  want(Change::Kind::resources, !catalog.resources.empty());
  const auto uris = notifications.find("resourceSubscriptions");
  if (catalog.resources.empty() || uris == notifications.end() || !uris->is_array()) return;
  for (const Json& uri : *uris) {
    if (filter.resources.size() == kMaxListenedResources) return;
    if (uri.is_string()) filter.resources.insert(uri.get<std::string>());
  }
}

}  // namespace

Step listen(const jsonrpc::Request& request, const Json& capabilities, const Caller& caller,
            const ListenParts& parts) {
  const auto notifications = request.params.find("notifications");
  if (notifications == request.params.end() || !notifications->is_object()) {
    return error_reply(request.id, Code::invalid_params,
                       "subscriptions/listen needs \"notifications\"");
  }
  if (notifications->contains("taskIds") && !declares(capabilities, kTasksExtension)) {
    return refuse_without_tasks(request.id, "subscriptions/listen with taskIds");
  }
  auto tasks = wanted_tasks(*notifications);
  if (!tasks) {
    return error_reply(request.id, Code::invalid_params, "taskIds must be an array of strings");
  }
  Filter filter{*std::move(tasks), {}, {}};
  want_changes(*notifications, parts.catalog, filter);
  return Work{
      request.id,
      [parts, caller, id = request.id, filter = std::move(filter)](const RunContext& context) {
        Stream(caller, parts.tasks, parts.clock, id.text, context)
            .run(filter, parts.catalog.changes);
        Json meta = parts.meta;
        meta[kSubscriptionIdKey] = Json::parse(id.text);
        const Json result = {{"resultType", "complete"}, {"_meta", meta}};
        return result_reply(id, jsonrpc::print(result));
      },
      /*is_read_only=*/true};
}

}  // namespace motion_mcp::mcp
