#include "bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/json_value.h"
#include "bench/give_up.h"

namespace motion_mcp::bench {
namespace {

constexpr std::size_t kReadBytes = 64UL * 1024;
constexpr int kPollMs = 20;
constexpr std::uint64_t kFirstId = 100'000'000;

// Where the answer says which request it belongs to; `"id":123` must not pass for `"id":1234`.
bool names_request(std::string_view body, std::string_view id) {
  constexpr std::string_view kKey = "\"id\":";
  while (const void* found = ::memmem(body.data(), body.size(), id.data(), id.size())) {
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - body.data());
    const std::size_t end = at + id.size();
    const bool ends = end < body.size() && (body[end] == ',' || body[end] == '}');
    if (ends && body.substr(0, at).ends_with(kKey)) return true;
    body.remove_prefix(end);
  }
  return false;
}

bool is_whole_message(std::string_view message, std::uint64_t id) {
  const Json json = Json::parse(message, nullptr, /*allow_exceptions=*/false);
  return json.is_object() && json.value("jsonrpc", "") == "2.0" && json.value("id", Json()) == id &&
         json.contains("result") != json.contains("error");
}

}  // namespace

Endpoint parse_endpoint(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  const std::size_t slash = url.find('/', kScheme.size());
  const std::size_t colon = url.find(':', kScheme.size());
  if (!url.starts_with(kScheme) || slash == std::string::npos || colon > slash) {
    give_up(url + " is not http://ADDRESS:PORT/PATH");
  }
  Endpoint endpoint;
  endpoint.authority = url.substr(kScheme.size(), slash - kScheme.size());
  endpoint.path = url.substr(slash);
  const std::string host = url.substr(kScheme.size(), colon - kScheme.size());
  endpoint.address.sin_family = AF_INET;
  endpoint.address.sin_port =
      htons(static_cast<std::uint16_t>(std::strtoul(url.c_str() + colon + 1, nullptr, 10)));
  if (::inet_pton(AF_INET, host.c_str(), &endpoint.address.sin_addr) != 1) {
    give_up(host + " is not an IPv4 address");
  }
  return endpoint;
}

std::string_view message_of(std::string_view body) {
  constexpr std::string_view kData = "data: ";
  if (body.starts_with('{')) return body;
  const std::size_t last = body.rfind(kData);
  if (last == std::string_view::npos) return body;
  const std::string_view message = body.substr(last + kData.size());
  return message.substr(0, message.find('\n'));
}

struct HttpLoad::Connection {
  Connection(HttpLoad::Crew& its_crew, std::size_t its_index) : crew(its_crew), index(its_index) {}

  HttpLoad::Crew& crew;
  const std::size_t index;
  int descriptor = -1;  // -1: lost
  bool is_open = false;
  bool is_in_flight = false;
  std::size_t opened = 0;  // of the opening
  bool has_ask = false;
  bool has_answer = false;  // to an ask
  Ask ask;
  std::size_t id_at = std::string::npos;
  std::uint64_t id = kFirstId;
  std::size_t sent = 0;
  std::string received;
  std::string session;
  HttpAnswer answer;
  Clock::time_point began;

  [[nodiscard]] bool is_opening() const;
};

struct HttpLoad::Crew {
  Group group;
  Figures figures;
  std::vector<std::unique_ptr<HttpLoad::Connection>> connections;
  bool is_finished = false;
  std::size_t in_flight = 0;
  std::size_t answered = 0;
};

bool HttpLoad::Connection::is_opening() const {
  return opened < crew.group.opening.size();
}

HttpLoad::HttpLoad() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) give_up("epoll_create1 failed");
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

HttpLoad::~HttpLoad() {
  for (const auto& crew : crews_) {
    for (const auto& connection : crew->connections) {
      if (connection->descriptor >= 0) ::close(connection->descriptor);
    }
  }
  ::close(epoll_);
}

std::size_t HttpLoad::add(Group group) {
  Crew& crew = *crews_.emplace_back(std::make_unique<Crew>());
  crew.group = std::move(group);
  for (std::size_t i = 0; i < crew.group.connections; ++i) open(crew, i);
  return crews_.size() - 1;
}

bool HttpLoad::run(const std::function<bool()>& is_done, Clock::time_point deadline) {
  std::array<epoll_event, 256> events{};
  while (!is_done()) {
    if (Clock::now() >= deadline) return false;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kPollMs);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      handle(*static_cast<Connection*>(event.data.ptr), event.events);
    }
  }
  return true;
}

std::size_t HttpLoad::answered(std::size_t group) const {
  return crews_[group]->answered;
}

bool HttpLoad::is_settled(std::size_t group) const {
  const Crew& crew = *crews_[group];
  return crew.answered == crew.connections.size() || crew.in_flight == 0;
}

Figures HttpLoad::take_figures(std::size_t group) {
  return std::exchange(crews_[group]->figures, {});
}

void HttpLoad::finish(std::size_t group, Clock::time_point deadline) {
  Crew& crew = *crews_[group];
  crew.is_finished = true;
  if (run([&] { return crew.in_flight == 0; }, deadline)) return;
  for (const auto& connection : crew.connections) {
    if (connection->is_in_flight) fail(*connection, "no answer in time");
  }
}

void HttpLoad::ask_again(std::size_t group) {
  Crew& crew = *crews_[group];
  crew.answered = 0;
  for (const auto& connection : crew.connections) {
    connection->has_answer = false;
    if (connection->descriptor >= 0 && !connection->is_in_flight) ask_next(*connection);
  }
}

void HttpLoad::open(Crew& crew, std::size_t index) {
  Connection& connection =
      *crew.connections.emplace_back(std::make_unique<Connection>(crew, index));
  connection.began = Clock::now();
  connection.is_in_flight = true;
  ++crew.in_flight;
  connection.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (connection.descriptor < 0) give_up(std::string("socket: ") + std::strerror(errno));
  const int on = 1;
  ::setsockopt(connection.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP;
  event.data.ptr = &connection;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.descriptor, &event);
  const auto* address = reinterpret_cast<const sockaddr*>(&crew.group.endpoint.address);
  if (::connect(connection.descriptor, address, sizeof crew.group.endpoint.address) != 0 &&
      errno != EINPROGRESS) {
    fail(connection, std::string("connect: ") + std::strerror(errno));
  }
}

void HttpLoad::handle(Connection& connection, std::uint32_t events) {
  if (connection.descriptor < 0) return;
  if (!connection.is_open && (events & EPOLLOUT) != 0) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(connection.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return fail(connection, std::string("connect: ") + std::strerror(error));
    connection.is_open = true;
    connection.is_in_flight = false;
    --connection.crew.in_flight;
    ask_next(connection);
  } else if ((events & EPOLLOUT) != 0) {
    send(connection);
  }
  if (connection.descriptor >= 0 && (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
    read(connection);
  }
}

void HttpLoad::read(Connection& connection) {
  static std::array<char, kReadBytes> buffer;
  for (;;) {
    const ssize_t count = ::recv(connection.descriptor, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      connection.received.append(buffer.data(), static_cast<std::size_t>(count));
      take_answer(connection);
      if (connection.descriptor < 0) return;
      if (static_cast<std::size_t>(count) < buffer.size()) return;
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && errno == EAGAIN) {
      return;
    } else {
      return fail(connection, count == 0 ? "the server closed the connection"
                                         : std::string("recv: ") + std::strerror(errno));
    }
  }
}

void HttpLoad::take_answer(Connection& connection) {
  if (!connection.is_in_flight) return fail(connection, "an answer that nobody asked for");
  const HttpAnswer& answer = connection.answer;
  const auto state = connection.answer.read(connection.received);
  if (state == HttpAnswer::State::incomplete) return;
  if (state == HttpAnswer::State::broken) return fail(connection, "the answer is no HTTP");

  Crew& crew = connection.crew;
  const std::string_view body = answer.body();
  const std::string id = std::to_string(connection.id);
  const auto wrong = [&](const std::string& why) {
    fail(connection, why + ": " + std::string(answer.head()) + std::string(body.substr(0, 400)));
  };
  if (answer.status() != connection.ask.status) return wrong("the status is wrong");
  const bool has_id = connection.id_at != std::string::npos;
  if (has_id && !names_request(body, id)) return wrong("no answer to request " + id);
  for (const std::string& sign : connection.ask.signs) {
    if (body.find(sign) == std::string_view::npos) return wrong("expected " + sign);
  }
  // The first of each connection is read in full; reading every one would measure the reader.
  if (has_id && !connection.has_answer && !is_whole_message(message_of(body), connection.id)) {
    return wrong("this is no JSON-RPC response");
  }

  connection.is_in_flight = false;
  --crew.in_flight;
  if (connection.is_opening()) {
    ++connection.opened;
    const std::string_view session = header_value(answer.head(), "mcp-session-id");
    if (!session.empty()) connection.session = session;
  } else {
    if (!std::exchange(connection.has_answer, true)) ++crew.answered;
    ++crew.figures.answers;
    const auto took = Clock::now() - connection.began;
    crew.figures.latencies_us.push_back(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    if (crew.group.on_answer) crew.group.on_answer(connection.index, message_of(body));
  }
  const bool is_done = crew.is_finished || (crew.group.asks_once && connection.has_answer);
  connection.received.erase(0, answer.size());
  connection.answer.clear();
  if (!is_done) ask_next(connection);
}

void HttpLoad::ask_next(Connection& connection) {
  Crew& crew = connection.crew;
  if (connection.is_opening()) {
    connection.ask = crew.group.opening[connection.opened](connection.index, connection.session);
    connection.id_at = connection.ask.text.rfind(kIdDigits);
  } else if (!std::exchange(connection.has_ask, true)) {
    connection.ask = crew.group.ask(connection.index, connection.session);
    connection.id_at = connection.ask.text.rfind(kIdDigits);
  }
  const std::string id = std::to_string(++connection.id);
  if (connection.id_at != std::string::npos) {
    connection.ask.text.replace(connection.id_at, id.size(), id);
  }
  connection.sent = 0;
  connection.is_in_flight = true;
  ++crew.in_flight;
  const bool counts_from_connect = crew.group.asks_once && connection.id == kFirstId + 1;
  if (!counts_from_connect) connection.began = Clock::now();
  send(connection);
}

void HttpLoad::send(Connection& connection) {
  const std::string& text = connection.ask.text;
  while (connection.sent < text.size()) {
    const ssize_t count = ::send(connection.descriptor, text.data() + connection.sent,
                                 text.size() - connection.sent, MSG_NOSIGNAL);
    if (count > 0) {
      connection.sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      return fail(connection, std::string("send: ") + std::strerror(errno));
    }
  }
}

// The connection is lost, and not opened again.
void HttpLoad::fail(Connection& connection, const std::string& why) {
  Crew& crew = connection.crew;
  ++crew.figures.errors;
  if (crew.figures.first_error.empty()) crew.figures.first_error = why;
  if (std::exchange(connection.is_in_flight, false)) --crew.in_flight;
  ::close(connection.descriptor);
  connection.descriptor = -1;
}

}  // namespace motion_mcp::bench
