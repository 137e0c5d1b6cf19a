#include "net/lifeline.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace motion_mcp::net {
namespace {

// Opened once and kept, so that spoiling a socket works when descriptors have run out.
int null_device() {
  static const int descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
  return descriptor;
}

}  // namespace

Lifeline::~Lifeline() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool Lifeline::attach(int socket) {
  const std::scoped_lock lock(mutex_);
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = interrupted_ ? -1 : fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (descriptor_ < 0 || null_device() < 0) {
    spoil(socket);
    return false;
  }
  return true;
}

void Lifeline::interrupt() {
  const std::scoped_lock lock(mutex_);
  interrupted_ = true;
  abort_locked();
}

void Lifeline::abort() {
  const std::scoped_lock lock(mutex_);
  abort_locked();
}

void Lifeline::abort_locked() {
  if (descriptor_ < 0) return;
  // Without a reset, a service whose sending is blocked would not notice for minutes.
  const linger reset_on_close{1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &reset_on_close, sizeof reset_on_close);
  shutdown(descriptor_, SHUT_RDWR);
}

bool Lifeline::interrupted() const {
  const std::scoped_lock lock(mutex_);
  return interrupted_;
}

void Lifeline::shut_down() {
  const std::scoped_lock lock(mutex_);
  if (descriptor_ >= 0) shutdown(descriptor_, SHUT_RDWR);
}

bool Lifeline::quiet() const {
  const std::scoped_lock lock(mutex_);
  if (descriptor_ < 0) return false;
  pollfd waiting{descriptor_, POLLIN, 0};
  return poll(&waiting, 1, 0) == 0;
}

void Lifeline::spoil(int socket) {
  // connect() on anything that is not a socket fails with ENOTSOCK. To go on would mean sending
  // what must not be sent, so there is no second choice.
  if (null_device() < 0 || dup2(null_device(), socket) < 0) std::abort();
}

}  // namespace motion_mcp::net
