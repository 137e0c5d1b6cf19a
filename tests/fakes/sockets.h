#pragma once

// Blocking TCP on loopback for fakes.

#include <cstdint>
#include <string>
#include <string_view>

namespace motion_mcp::fakes {

// Owns a descriptor. shut_down() may come from another thread and wakes whoever waits; the
// descriptor itself is closed by the destructor alone.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;

  [[nodiscard]] bool valid() const { return descriptor_ >= 0; }
  // Stays ours to close.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  // At most `size` bytes; empty at the end or after an error.
  std::string read(std::size_t size = 16384) const;
  // False when the other side is gone.
  bool write(std::string_view bytes) const;
  // Waits for something to read: false when nothing came within `milliseconds`.
  [[nodiscard]] bool readable_within(int milliseconds) const;
  void shut_down() const;
  void shut_down_writing() const;
  // Makes the destructor send RST instead of FIN.
  void reset_on_close() const;
  // For a listening socket: waits at most `milliseconds`; not valid() when nobody came.
  [[nodiscard]] Socket accept_within(int milliseconds) const;

 private:
  int descriptor_ = -1;
};

// Connected, or not valid(). Any IPv4 address.
Socket connect_to(const std::string& address, std::uint16_t port);

// A port on 127.0.0.1 that stays ours while it is closed.
class LoopbackPort {
 public:
  LoopbackPort();

  [[nodiscard]] std::uint16_t number() const { return number_; }
  // Between close() and open() connections are refused.
  void open();
  void close();
  [[nodiscard]] bool is_open() const { return listener_.valid(); }
  [[nodiscard]] Socket accept_within(int milliseconds) const {
    return listener_.accept_within(milliseconds);
  }

 private:
  Socket reservation_;
  Socket listener_;
  std::uint16_t number_ = 0;
};

}  // namespace motion_mcp::fakes
