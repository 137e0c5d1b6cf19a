#include "net/lifeline.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace motion_mcp::net {
namespace {

// Kept open, so that spoiling a socket works when descriptors have run out.
std::atomic<int> null_device = -1;

}  // namespace

Lifeline::~Lifeline() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool Lifeline::can_spoil() {
  if (null_device >= 0) return true;
  const int opened = open("/dev/null", O_RDWR | O_CLOEXEC);
  int none = -1;
  if (opened >= 0 && !null_device.compare_exchange_strong(none, opened)) close(opened);
  return null_device >= 0;
}

void Lifeline::spoil(int socket) {
  // connect() on what is no socket fails with ENOTSOCK.
  while (dup2(null_device, socket) < 0) {
    // To go on would mean to send what must not be sent.
    if (errno != EINTR && errno != EBUSY) std::abort();
  }
}

void Lifeline::attach(int socket) {
  const std::scoped_lock lock(mutex_);
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = interrupted_ ? -1 : fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (descriptor_ < 0) spoil(socket);
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

}  // namespace motion_mcp::net
