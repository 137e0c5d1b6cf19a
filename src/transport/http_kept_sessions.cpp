#include "transport/http_kept_sessions.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/random.h"

namespace motion_mcp::transport {
namespace {

struct EventId {
  unsigned long stream = 0;
  std::size_t event = 0;
};

std::string print(const EventId& id) {
  return std::to_string(id.stream) + "-" + std::to_string(id.event);
}

std::optional<EventId> parse(std::string_view text) {
  EventId id;
  const char* const end = text.data() + text.size();
  const auto stream = std::from_chars(text.data(), end, id.stream);
  if (stream.ec != std::errc() || stream.ptr == end || *stream.ptr != '-') return std::nullopt;
  const auto event = std::from_chars(stream.ptr + 1, end, id.event);
  if (event.ec != std::errc() || event.ptr != end) return std::nullopt;
  return id;
}

}  // namespace

struct KeptSession::Stream {
  std::deque<std::string> events;  // whole ones
  std::size_t dropped = 0;         // how many came before them
  bool is_over = false;
};

// Events are numbered from 1; 0 is the stream's opening.
class KeptSession::Writer final : public HttpEventWriter {
 public:
  Writer(std::shared_ptr<KeptSession> session, Number stream)
      : session_(std::move(session)), stream_(stream) {}

  std::string opening() override {
    return "id: " + print({stream_, 0}) + "\nretry: " + std::to_string(kRetry.count()) +
           "\ndata: \n\n";
  }
  std::string event(std::string_view message) override {
    return session_->append(stream_, message, false);
  }
  std::string last_event(std::string_view message) override {
    return session_->append(stream_, message, true);
  }

 private:
  const std::shared_ptr<KeptSession> session_;
  const Number stream_;
};

mcp::Connection KeptSession::connection() {
  const std::lock_guard lock(mutex_);
  mcp::Connection copy = connection_;
  copy.outlet = [weak = weak_from_this()](std::string_view notification) {
    if (const auto session = weak.lock()) session->append(kOwnStream, notification, false);
  };
  return copy;
}

void KeptSession::set_connection(const mcp::Connection& connection) {
  const std::lock_guard lock(mutex_);
  connection_ = connection;
  connection_.outlet = nullptr;
}

std::shared_ptr<HttpEventWriter> KeptSession::begin_stream() {
  const std::lock_guard lock(mutex_);
  const Number number = next_stream_++;
  streams_.emplace(number, std::make_shared<Stream>());
  for (auto item = streams_.begin(); item != streams_.end() && streams_.size() > kMaxStreams;) {
    item = item->second->is_over ? streams_.erase(item) : std::next(item);
  }
  return std::make_shared<Writer>(shared_from_this(), number);
}

std::string KeptSession::append(Number stream, std::string_view message, bool is_last) {
  const std::lock_guard lock(mutex_);
  auto& kept = streams_[stream];
  if (!kept) kept = std::make_shared<Stream>();
  const EventId id{stream, kept->dropped + kept->events.size() + 1};
  std::string event = "id: " + print(id) + "\nevent: message\ndata: ";
  event += message;
  event += "\n\n";
  kept->events.push_back(event);
  kept->is_over = is_last;
  if (kept->events.size() > kMaxEvents) {
    kept->events.pop_front();
    ++kept->dropped;
  }
  changed_.notify_all();
  return event;
}

bool KeptSession::resume(std::string_view last_event_id, const mcp::RunContext& context) {
  const auto asked =
      last_event_id.empty() ? std::optional(EventId{kOwnStream, 0}) : parse(last_event_id);
  if (!asked) return false;
  std::unique_lock lock(mutex_);
  if (asked->stream == kOwnStream) streams_.try_emplace(kOwnStream, std::make_shared<Stream>());
  const auto found = streams_.find(asked->stream);
  if (found == streams_.end()) return false;
  const std::shared_ptr<Stream> stream = found->second;
  std::size_t next = asked->event;  // how many of them the client has
  const auto has_more = [&] {
    return is_over_ || stream->is_over || next < stream->dropped + stream->events.size();
  };
  std::string text = ": open\n\n";
  for (;;) {
    next = std::max(next, stream->dropped);
    for (; next < stream->dropped + stream->events.size(); ++next) {
      text += stream->events[next - stream->dropped];
    }
    const bool is_last = is_over_ || stream->is_over;
    lock.unlock();
    if (!text.empty()) context.notify(text);
    text.clear();
    if (is_last) return true;
    lock.lock();
    if (!changed_.wait(lock, context.stop, has_more)) return true;
  }
}

void KeptSession::end() {
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  changed_.notify_all();
}

std::shared_ptr<KeptSession> KeptSessions::begin(const std::string& owner) {
  auto session = std::make_shared<KeptSession>(base::random_uuid());
  const std::lock_guard lock(mutex_);
  make_room();
  sessions_.emplace(session->id(), Entry{owner, session, clock_.now()});
  return session;
}

std::shared_ptr<KeptSession> KeptSessions::find(const std::string& owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.owner != owner) return nullptr;
  found->second.last_used = clock_.now();
  return found->second.session;
}

bool KeptSessions::end(const std::string& owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second.owner != owner) return false;
  found->second.session->end();
  sessions_.erase(found);
  return true;
}

void KeptSessions::make_room() {
  const base::SteadyTime now = clock_.now();
  auto oldest = sessions_.end();
  for (auto item = sessions_.begin(); item != sessions_.end();) {
    if (now - item->second.last_used > limits_.idle) {
      item->second.session->end();
      item = sessions_.erase(item);
      continue;
    }
    if (oldest == sessions_.end() || item->second.last_used < oldest->second.last_used) {
      oldest = item;
    }
    ++item;
  }
  if (sessions_.size() < limits_.sessions || oldest == sessions_.end()) return;
  oldest->second.session->end();
  sessions_.erase(oldest);
}

}  // namespace motion_mcp::transport
