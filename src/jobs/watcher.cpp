#include "jobs/watcher.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/owner.h"
#include "base/random.h"
#include "base/worker_pool.h"
#include "net/ascii.h"

namespace motion_mcp::jobs {
namespace {

using base::SteadyTime;
using namespace std::chrono_literals;

// A job that nobody watches keeps its place in the schedule for so long after its next read would
// have been allowed: an agent that waits again after a pause must not make the reads denser.
constexpr std::chrono::seconds kRememberFor{60};
// How long the time is kept when there is no next moment but a read is under way.
constexpr std::chrono::seconds kNothingDue{60};

// Who is told. The mutex is held while the listener runs; recursive, for it may leave.
template <class View>
struct Member {
  using SharedLook = typename BasicWatcher<View>::SharedLook;
  using Listener = typename BasicWatcher<View>::Listener;

  explicit Member(Listener l) : listener(std::move(l)) {}

  void tell(const SharedLook& look) {
    const std::lock_guard lock(mutex);
    if (!has_left) listener(look);
  }
  void leave() {
    const std::lock_guard lock(mutex);
    has_left = true;
  }

  std::recursive_mutex mutex;
  const Listener listener;
  bool has_left = false;
};

// One job of one owner.
template <class View>
struct Watch {
  std::string name;  // the key in Impl::watches
  std::string owner;
  std::string job_id;
  std::string api_key;  // empty while nobody watches
  std::vector<std::shared_ptr<Member<View>>> members;
  typename BasicWatcher<View>::SharedLook last;
  std::size_t reads = 0;  // since the first, or since the last final look
  bool is_reading = false;
  SteadyTime read_at;    // when `last` came
  SteadyTime held_till;  // the service asked not to be asked before
  SteadyTime next_read;  // not before then, unless somebody looks
  SteadyTime planned;    // its moment on the agenda, unless it is being read

  [[nodiscard]] SteadyTime next_event() const {
    return members.empty() ? next_read + kRememberFor : next_read;
  }
};

std::string name_of(std::string_view owner, std::string_view job_id) {
  std::string name(owner);
  name += '/';
  name += base::is_uuid(job_id) ? net::to_lower(job_id) : std::string(job_id);
  return name;
}

std::string call_without_wait(std::string_view status_tool) {
  return "Call " + std::string(status_tool) + " without wait_seconds instead";
}

Error too_many_jobs(std::string_view status_tool) {
  return {ErrorKind::rate_limited, "this server watches as many jobs as it can",
          call_without_wait(status_tool) + ", or again in a minute."};
}

Error no_thread(std::string_view status_tool) {
  return {ErrorKind::internal, "this server cannot start a thread to watch the job",
          call_without_wait(status_tool) + "."};
}

}  // namespace

template <class View>
struct BasicWatcher<View>::Impl {
  using Member = jobs::Member<View>;
  using Members = std::vector<std::shared_ptr<Member>>;
  using Watch = jobs::Watch<View>;
  using SharedWatch = std::shared_ptr<Watch>;

  const std::unique_ptr<JobSource<View>> source;
  const base::Clock& clock;
  const Options options;

  std::mutex mutex;
  std::unordered_map<std::string, SharedWatch> watches;
  // What is to happen next to each watch that is not being read: a read, or being forgotten.
  std::set<std::pair<SteadyTime, SharedWatch>> agenda;
  bool keeps_time = false;
  std::stop_source alarm;  // wakes who keeps the time
  std::stop_source end;

  // Their threads use all of the above.
  base::WorkerPool readers;
  base::WorkerPool timekeeper{{1, 1}};

  Impl(std::unique_ptr<JobSource<View>> s, const base::Clock& c, Options o)
      : source(std::move(s)),
        clock(c),
        options(std::move(o)),
        readers({options.max_reads, options.max_jobs}) {}

  void stop() {
    const std::lock_guard lock(mutex);
    end.request_stop();
    alarm.request_stop();
  }

  // --- who is told -------------------------------------------------------------------------------

  Result<SharedLook> join(std::string_view api_key, std::string_view job_id,
                          const std::shared_ptr<Member>& member, SharedWatch& joined) {
    const std::string owner = base::owner_id(api_key);
    const std::lock_guard lock(mutex);
    if (!keep_time()) return no_thread(source->status_tool());
    joined = TRY(find_or_add(owner, job_id));
    joined->api_key = api_key;
    joined->members.push_back(member);
    if (!joined->is_reading) plan(joined);
    return joined->last;
  }

  // The last look, when it will do for now; null after joining for the next, which is due at once.
  Result<SharedLook> look_or_join(std::string_view api_key, std::string_view job_id,
                                  const std::shared_ptr<Member>& member, SharedWatch& watch) {
    const std::string owner = base::owner_id(api_key);
    const std::lock_guard lock(mutex);
    if (!keep_time()) return no_thread(source->status_tool());
    watch = TRY(find_or_add(owner, job_id));
    const SteadyTime now = clock.now();
    const bool is_fresh = now < watch->read_at + kFreshFor || now < watch->held_till;
    if (watch->last && is_fresh) return watch->last;
    watch->api_key = api_key;
    watch->members.push_back(member);
    watch->next_read = now;
    if (!watch->is_reading) plan(watch);
    return SharedLook();
  }

  // What was seen before, in the light of the followups known by now.
  SharedLook in_present_light(const Watch& watch, const SharedLook& look) {
    if (!look || !*look) return look;
    return std::make_shared<const Look>(source->review(**look, watch.owner, watch.job_id));
  }

  Subscription subscribe(const SharedWatch& watch, const std::shared_ptr<Member>& member) {
    return {member.get(), [this, watch, member](const void*) { leave(watch, member); }};
  }

  void leave(const SharedWatch& watch, const std::shared_ptr<Member>& member) {
    member->leave();
    const std::lock_guard lock(mutex);
    std::erase(watch->members, member);
    if (!watch->members.empty()) return;
    watch->api_key.clear();
    if (!watch->is_reading && is_known(watch)) plan(watch);
  }

  // Not so once it was forgotten, while who heard the end of it kept the subscription.
  [[nodiscard]] bool is_known(const SharedWatch& watch) const {
    const auto known = watches.find(watch->name);
    return known != watches.end() && known->second == watch;
  }

  Result<SharedWatch> find_or_add(const std::string& owner, std::string_view job_id) {
    std::string name = name_of(owner, job_id);
    if (const auto known = watches.find(name); known != watches.end()) return known->second;
    if (watches.size() >= options.max_jobs && !forget_one())
      return too_many_jobs(source->status_tool());
    auto watch = std::make_shared<Watch>();
    watch->name = std::move(name);
    watch->owner = owner;
    watch->job_id = job_id;
    watch->next_read = clock.now();
    watches.emplace(watch->name, watch);
    return watch;
  }

  bool forget_one() {
    const auto unwatched = std::find_if(agenda.begin(), agenda.end(), [](const auto& event) {
      return event.second->members.empty();
    });
    if (unwatched == agenda.end()) return false;
    watches.erase(unwatched->second->name);
    agenda.erase(unwatched);
    return true;
  }

  // --- when to read ------------------------------------------------------------------------------

  void plan(const SharedWatch& watch) {
    agenda.erase({watch->planned, watch});
    watch->planned = watch->next_event();
    const auto added = agenda.emplace(watch->planned, watch).first;
    if (added == agenda.begin()) alarm.request_stop();
  }

  // False when there is no thread for it.
  bool keep_time() {
    if (!keeps_time) keeps_time = timekeeper.submit([this] { follow_agenda(); });
    return keeps_time;
  }

  void follow_agenda() {
    std::unique_lock lock(mutex);
    while (!watches.empty() && !end.stop_requested()) {
      const SteadyTime now = clock.now();
      const SteadyTime next = agenda.empty() ? now + kNothingDue : agenda.begin()->first;
      if (next > now) {
        alarm = std::stop_source();
        lock.unlock();
        clock.sleep_until(next, alarm.get_token());
        lock.lock();
        continue;
      }
      const SharedWatch watch = agenda.extract(agenda.begin()).value().second;
      if (watch->members.empty()) {
        watches.erase(watch->name);
      } else {
        start_reading(watch);
      }
    }
    keeps_time = false;
  }

  void start_reading(const SharedWatch& watch) {
    watch->is_reading =
        readers.submit([this, watch, api_key = watch->api_key] { read(watch, api_key); });
    if (watch->is_reading) return;
    watch->next_read = clock.now() + kMaxPollPause;
    plan(watch);
  }

  // --- reading, on a thread of its own -----------------------------------------------------------

  void read(const SharedWatch& watch, const std::string& api_key) {
    const auto look = std::make_shared<const Look>(
        source->read(api_key, watch->owner, watch->job_id, end.get_token()));
    for (const auto& member : take_down(watch, look)) member->tell(look);
  }

  // Plans the next read; returns who is to be told of this one.
  Members take_down(const SharedWatch& watch, const SharedLook& look) {
    const std::lock_guard lock(mutex);
    if (end.stop_requested()) return {};
    ++watch->reads;
    watch->last = look;
    watch->is_reading = false;
    watch->read_at = clock.now();
    const bool is_held = !*look && look->error().retry_after;
    watch->held_till = watch->read_at + (is_held ? *look->error().retry_after : 0s);
    watch->next_read = watch->read_at + pause_after(watch->reads, *look, options.random_unit());
    Members told = watch->members;
    if (is_final(*look)) {
      watch->reads = 0;
      watch->next_read = std::max(watch->read_at + kFreshFor, watch->held_till);
      watch->members.clear();
      watch->api_key.clear();
    }
    plan(watch);
    return told;
  }
};

template <class View>
BasicWatcher<View>::BasicWatcher(std::unique_ptr<JobSource<View>> source, const base::Clock& clock,
                                 Options options)
    : impl_(std::make_unique<Impl>(std::move(source), clock, std::move(options))) {}

template <class View>
BasicWatcher<View>::~BasicWatcher() {
  impl_->stop();
}

template <class View>
std::string_view BasicWatcher<View>::status_tool() const {
  return impl_->source->status_tool();
}

template <class View>
std::size_t BasicWatcher<View>::watched() const {
  const std::lock_guard lock(impl_->mutex);
  return static_cast<std::size_t>(
      std::count_if(impl_->watches.begin(), impl_->watches.end(),
                    [](const auto& known) { return !known.second->members.empty(); }));
}

template <class View>
Result<typename BasicWatcher<View>::Joined> BasicWatcher<View>::join(std::string_view api_key,
                                                                     std::string_view job_id,
                                                                     Listener listener) {
  const auto member = std::make_shared<Member<View>>(std::move(listener));
  std::shared_ptr<Watch<View>> watch;
  Joined joined;
  joined.before = TRY(impl_->join(api_key, job_id, member, watch));
  joined.subscription = impl_->subscribe(watch, member);
  joined.before = impl_->in_present_light(*watch, joined.before);
  // An end may be over by now: a run is resumed, a question answered.
  if (joined.before && is_final(*joined.before)) joined.before = nullptr;
  return joined;
}

template <class View>
Result<View> BasicWatcher<View>::look(std::string_view api_key, std::string_view job_id,
                                      const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any came;
  SharedLook seen;
  const auto member = std::make_shared<Member<View>>([&](const SharedLook& look) {
    const std::lock_guard lock(mutex);
    seen = look;
    came.notify_all();
  });
  std::shared_ptr<Watch<View>> watch;
  const SharedLook known = TRY(impl_->look_or_join(api_key, job_id, member, watch));
  if (known) return *impl_->in_present_light(*watch, known);

  const Subscription subscription = impl_->subscribe(watch, member);
  std::unique_lock lock(mutex);
  came.wait(lock, stop, [&] { return seen != nullptr; });
  if (seen) return *seen;
  return Error{ErrorKind::cancelled, "the look was given up; the job itself goes on at the service",
               "Ask again."};
}

template class BasicWatcher<JobView>;
template class BasicWatcher<ClipView>;

}  // namespace motion_mcp::jobs
