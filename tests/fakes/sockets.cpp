#include "fakes/sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace motion_mcp::fakes {
namespace {

constexpr int kBacklog = 64;

sockaddr_in address_of(const std::string& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &result.sin_addr);
  return result;
}

void set_option(int descriptor, int level, int option) {
  const int on = 1;
  setsockopt(descriptor, level, option, &on, sizeof on);
}

// Two sockets may be bound to one port when both ask for it.
int bound_socket(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  set_option(descriptor, SOL_SOCKET, SO_REUSEADDR);
  set_option(descriptor, SOL_SOCKET, SO_REUSEPORT);
  const sockaddr_in address = address_of("127.0.0.1", port);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::abort();
  }
  return descriptor;
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::string Socket::read(std::size_t size) const {
  std::string bytes(size, '\0');
  const ssize_t count = recv(descriptor_, bytes.data(), bytes.size(), 0);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

bool Socket::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool Socket::readable_within(int milliseconds) const {
  pollfd waiting{descriptor_, POLLIN, 0};
  return poll(&waiting, 1, milliseconds) > 0;
}

void Socket::shut_down() const {
  shutdown(descriptor_, SHUT_RDWR);
}

void Socket::shut_down_writing() const {
  shutdown(descriptor_, SHUT_WR);
}

void Socket::reset_on_close() const {
  const linger now{1, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Socket Socket::accept_within(int milliseconds) const {
  if (!readable_within(milliseconds)) return Socket();
  const int descriptor = accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor >= 0) set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
  return Socket(descriptor);
}

Socket connect_to(const std::string& address, std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
  const sockaddr_in target = address_of(address, port);
  Socket result(descriptor);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0) {
    return Socket();
  }
  return result;
}

LoopbackPort::LoopbackPort() {
  const int descriptor = bound_socket(0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  reservation_ = Socket(descriptor);
  number_ = ntohs(address.sin_port);
  open();
}

void LoopbackPort::open() {
  if (listener_.valid()) return;
  const int descriptor = bound_socket(number_);
  listen(descriptor, kBacklog);
  listener_ = Socket(descriptor);
}

void LoopbackPort::close() {
  listener_ = Socket();
}

}  // namespace motion_mcp::fakes
