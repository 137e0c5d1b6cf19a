#include "bench/line_client.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "bench/give_up.h"
#include "bench/process_figures.h"

extern char** environ;

namespace motion_mcp::bench {
namespace {

constexpr int kSilenceMs = 60'000;
constexpr int kPipeBytes = 1 << 20;
constexpr std::size_t kReadBytes = 1 << 18;

void make_pipe(int (&ends)[2]) {
  if (::pipe2(ends, O_CLOEXEC) != 0) give_up("pipe2 failed");
}

}  // namespace

LineClient::LineClient(const std::vector<std::string>& command) {
  std::signal(SIGPIPE, SIG_IGN);
  int input[2];
  int output[2];
  make_pipe(input);
  make_pipe(output);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int failed = ::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) give_up(command[0] + " does not start: " + std::strerror(failed));

  ::close(input[0]);
  ::close(output[1]);
  to_server_ = input[1];
  from_server_ = output[0];
  ::fcntl(to_server_, F_SETFL, O_NONBLOCK);
  ::fcntl(to_server_, F_SETPIPE_SZ, kPipeBytes);
  ::fcntl(from_server_, F_SETPIPE_SZ, kPipeBytes);
}

LineClient::~LineClient() {
  ::close(to_server_);
  for (int tenths = 0; tenths < 50; ++tenths) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      ::close(from_server_);
      return;
    }
    ::usleep(100'000);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::close(from_server_);
}

void LineClient::send(std::string_view line) {
  outgoing_ += line;
  while (outgoing_at_ < outgoing_.size()) fill(true);
}

std::string LineClient::receive() {
  for (;;) {
    const auto end = incoming_.find('\n', incoming_at_);
    if (end != std::string::npos) {
      std::string line = incoming_.substr(incoming_at_, end - incoming_at_);
      incoming_at_ = end + 1;
      return line;
    }
    fill(false);
  }
}

std::size_t LineClient::keep_in_flight(std::size_t depth,
                                       const std::function<std::string(std::size_t)>& request,
                                       const std::function<void(std::string_view)>& inspect,
                                       const std::function<bool(std::size_t)>& done) {
  std::size_t sent = 0;
  std::size_t answered = 0;
  bool stopping = false;
  while (!stopping || answered < sent) {
    for (; !stopping && sent - answered < depth; ++sent) outgoing_ += request(sent);
    fill(outgoing_at_ < outgoing_.size());
    for (auto end = incoming_.find('\n', incoming_at_); end != std::string::npos;
         end = incoming_.find('\n', incoming_at_)) {
      inspect(std::string_view(incoming_).substr(incoming_at_, end - incoming_at_));
      incoming_at_ = end + 1;
      ++answered;
    }
    stopping = stopping || done(answered);
  }
  return answered;
}

std::size_t LineClient::resident_kib() const {
  return bench::resident_kib(pid_);
}

double LineClient::processor_seconds() const {
  return bench::processor_seconds(pid_);
}

// Waits until something can be written or read, and does it.
void LineClient::fill(bool writing) {
  pollfd wanted[2] = {{from_server_, POLLIN, 0}, {to_server_, POLLOUT, 0}};
  const int ready = ::poll(wanted, writing ? 2 : 1, kSilenceMs);
  if (ready == 0) give_up("the server was silent for 60 s");
  if (ready < 0) give_up(std::string("poll failed: ") + std::strerror(errno));
  if (writing && wanted[1].revents != 0) {
    const auto written =
        ::write(to_server_, outgoing_.data() + outgoing_at_, outgoing_.size() - outgoing_at_);
    if (written < 0 && errno != EAGAIN) give_up("the server closed its input");
    if (written > 0) outgoing_at_ += static_cast<std::size_t>(written);
    if (outgoing_at_ == outgoing_.size()) {
      outgoing_.clear();
      outgoing_at_ = 0;
    }
  }
  if (wanted[0].revents != 0) {
    incoming_.erase(0, incoming_at_);
    incoming_at_ = 0;
    const std::size_t had = incoming_.size();
    incoming_.resize(had + kReadBytes);
    const auto got = ::read(from_server_, incoming_.data() + had, kReadBytes);
    if (got <= 0) give_up("the server ended");
    incoming_.resize(had + static_cast<std::size_t>(got));
  }
}

}  // namespace motion_mcp::bench
