#include "transport/line_session.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "jsonrpc/message.h"
#include "transport/client_questions.h"

namespace motion_mcp::transport {
namespace {

using jsonrpc::Code;
using jsonrpc::Id;

// A call under way.
struct Flight {
  std::stop_source stop;
  std::atomic<bool> is_cancelled{false};
};

// There is one client at the other end.
constexpr std::string_view kPeer;

// Takes the answer to one request; nullopt when it was cancelled and gets none.
using Deliver = std::function<void(std::optional<std::string> answer)>;

// Collects the answers of a batch and hands them on as one array when the last has come. A batch
// of notifications alone is answered with nothing.
class BatchAnswers {
 public:
  BatchAnswers(std::size_t count, Deliver deliver)
      : missing_(count), deliver_(std::move(deliver)) {}

  void add(std::optional<std::string> answer) {
    std::unique_lock lock(mutex_);
    if (answer) array_ += (array_.empty() ? "[" : ",") + *answer;
    if (--missing_ > 0) return;
    lock.unlock();
    deliver_(array_.empty() ? std::nullopt : std::optional(array_ + "]"));
  }

 private:
  std::mutex mutex_;
  std::size_t missing_;
  std::string array_;
  Deliver deliver_;
};

std::string_view trim_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

struct LineSession::Impl : std::enable_shared_from_this<Impl> {
  const mcp::Server& server;
  const mcp::Caller caller;
  base::WorkerPool& pool;

  // The reading thread's alone.
  mcp::Connection connection;
  std::string held;

  // What waits for the thread that emits: others leave their lines here instead of waiting for it.
  std::mutex outbox_mutex;
  std::string outbox;
  bool is_emitting = false;
  const EmitLines emit;

  ClientQuestions questions;

  std::mutex mutex;
  std::condition_variable idle;
  std::map<Id, std::shared_ptr<Flight>> in_flight;
  std::stop_source ending;
  std::size_t unanswered = 0;  // calls taken whose answer has not been handed on yet

  Impl(const mcp::Server& s, mcp::Caller c, base::WorkerPool& p, EmitLines e)
      : server(s), caller(std::move(c)), pool(p), emit(std::move(e)) {}

  void send(std::string_view text) {
    std::string line(text);
    line += '\n';
    send_lines(line);
  }

  void send_lines(std::string_view lines) {
    std::unique_lock lock(outbox_mutex);
    outbox += lines;
    if (is_emitting) return;
    is_emitting = true;
    while (!outbox.empty()) {
      const std::string batch = std::exchange(outbox, {});
      lock.unlock();
      emit(batch);
      lock.lock();
    }
    is_emitting = false;
  }

  void hold(const std::optional<std::string>& answer) {
    if (answer) held.append(*answer).append("\n");
  }

  // Serves one message. What is known at once goes to `at_once`, on this thread; for a call,
  // `make_deliver` makes what takes its answer on a worker.
  template <class AtOnce, class MakeDeliver>
  void serve(jsonrpc::Message message, const AtOnce& at_once, const MakeDeliver& make_deliver) {
    mcp::Step step = server.accept(std::move(message), connection, caller);
    if (auto* reply = std::get_if<mcp::Reply>(&step)) {
      at_once(std::move(reply->text));
    } else if (auto* work = std::get_if<mcp::Work>(&step)) {
      if (auto refused = start(std::move(*work), make_deliver())) at_once(std::move(refused));
    } else {
      if (const auto* cancelled = std::get_if<mcp::Cancel>(&step)) cancel(cancelled->id);
      if (auto* answer = std::get_if<mcp::Answer>(&step)) {
        questions.answer(kPeer, answer->id, std::move(answer->result));
      }
      at_once(std::nullopt);
    }
  }

  // Nullopt when the call was taken, else the error that answers it.
  std::optional<std::string> start(mcp::Work work, const Deliver& deliver) {
    const auto flight = std::make_shared<Flight>();
    const Id id = work.id;
    {
      const std::lock_guard lock(mutex);
      if (!in_flight.emplace(id, flight).second) {
        return jsonrpc::print_error(
            id, Code::invalid_request,
            "A request with this id is still being served; this one was not", nullptr);
      }
      ++unanswered;
    }
    const bool taken = pool.submit([self = shared_from_this(), flight, deliver,
                                    work = std::move(work)] { self->run(*flight, work, deliver); });
    if (taken) return std::nullopt;
    land(id);
    finish();
    return jsonrpc::print_error(
        id, Code::internal_error,
        "Too many calls are under way: this one was not run. Call again when one has ended.",
        nullptr);
  }

  void run(Flight& flight, const mcp::Work& work, const Deliver& deliver) {
    const auto tell = [&](std::string_view message) {
      if (!flight.is_cancelled) send(message);
    };
    const auto ask = [&](std::string_view method, const Json& params) {
      return questions.ask(kPeer, method, params, tell, flight.stop.get_token());
    };
    mcp::RunContext context{flight.stop.get_token(), tell, ask};
    context.ending = ending.get_token();
    std::string answer = work.run(context).text;
    // The id is free before the answer leaves: a client may use it again on seeing the answer.
    land(work.id);
    deliver(flight.is_cancelled ? std::nullopt : std::optional(std::move(answer)));
    finish();
  }

  void land(const Id& id) {
    const std::lock_guard lock(mutex);
    in_flight.erase(id);
  }

  void finish() {
    const std::lock_guard lock(mutex);
    --unanswered;
    idle.notify_all();
  }

  void cancel(const Id& id) {
    std::shared_ptr<Flight> flight;
    {
      const std::lock_guard lock(mutex);
      const auto found = in_flight.find(id);
      if (found == in_flight.end()) return;
      flight = found->second;
    }
    flight->is_cancelled = true;
    flight->stop.request_stop();
  }

  void stop_all() {
    ending.request_stop();
    std::vector<std::shared_ptr<Flight>> flights;
    {
      const std::lock_guard lock(mutex);
      for (const auto& [id, flight] : in_flight) flights.push_back(flight);
    }
    for (const auto& flight : flights) flight->stop.request_stop();
  }

  void serve_one(jsonrpc::Message message) {
    serve(
        std::move(message), [this](const std::optional<std::string>& answer) { hold(answer); },
        [this]() -> Deliver {
          return [self = shared_from_this()](const std::optional<std::string>& answer) {
            if (answer) self->send(*answer);
          };
        });
  }

  void serve_batch(jsonrpc::Batch batch) {
    if (auto refused = server.refuse_batch(batch, connection)) return hold(refused->text);
    const auto answers = std::make_shared<BatchAnswers>(
        batch.size(), [self = shared_from_this()](const std::optional<std::string>& array) {
          if (array) self->send(*array);
        });
    const Deliver collect = [answers](std::optional<std::string> answer) {
      answers->add(std::move(answer));
    };
    for (jsonrpc::Message& message : batch) {
      serve(std::move(message), collect, [&] { return Deliver(collect); });
    }
  }
};

LineSession::LineSession(const mcp::Server& server, mcp::Caller caller, base::WorkerPool& pool,
                         EmitLines emit)
    : impl_(std::make_shared<Impl>(server, std::move(caller), pool, std::move(emit))) {
  impl_->connection.outlet = [weak = std::weak_ptr(impl_)](std::string_view notification) {
    if (const auto impl = weak.lock()) impl->send(notification);
  };
}

LineSession::~LineSession() = default;

void LineSession::feed(std::string_view line) {
  line = trim_line_end(line);
  if (line.find_first_not_of(" \t") == std::string_view::npos) return;
  if (line.size() > kMaxLineBytes) return refuse_long_line(line);
  auto parsed = jsonrpc::parse(line);
  if (auto* batch = std::get_if<jsonrpc::Batch>(&parsed)) {
    impl_->serve_batch(std::move(*batch));
  } else {
    impl_->serve_one(std::get<jsonrpc::Message>(std::move(parsed)));
  }
}

void LineSession::refuse_long_line(std::string_view head) {
  // Cut JSON is never whole, so what this finds is at most the id before the cut.
  constexpr std::size_t kEnoughBytes = 4096;
  const auto parsed = jsonrpc::parse(head.substr(0, kEnoughBytes));
  const auto* message = std::get_if<jsonrpc::Message>(&parsed);
  const auto* invalid = message ? std::get_if<jsonrpc::Invalid>(message) : nullptr;
  impl_->hold(
      mcp::Server::refuse(invalid ? invalid->id : std::nullopt, Code::invalid_request,
                          "A message is at most " + std::to_string(kMaxLineBytes) + " bytes",
                          impl_->connection)
          .text);
}

void LineSession::flush() {
  if (impl_->held.empty()) return;
  impl_->send_lines(impl_->held);
  impl_->held.clear();
}

void LineSession::stop() {
  impl_->stop_all();
}

bool LineSession::wait_idle(base::SteadyTime deadline) {
  std::unique_lock lock(impl_->mutex);
  return impl_->idle.wait_until(lock, deadline, [&] { return impl_->unanswered == 0; });
}

}  // namespace motion_mcp::transport
