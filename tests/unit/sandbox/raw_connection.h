#pragma once

// One TCP connection on loopback, and HTTP as it is on the wire: nothing between a test and the
// server's bytes.

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace motion_mcp::sandbox {

struct Answer {
  int status = 0;  // 0: the connection ended, or nothing came in time
  std::string head;
  std::string body;

  [[nodiscard]] bool has(std::string_view line) const { return head.find(line) != head.npos; }
};

class RawConnection {
 public:
  explicit RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_open_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawConnection() { ::close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  [[nodiscard]] bool is_open() const { return is_open_; }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  // The next answer; `has_body` is false for one to HEAD.
  Answer receive(bool has_body = true) {
    Answer answer;
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return answer;
    }
    answer.head = received_.substr(0, end + 4);
    received_.erase(0, end + 4);
    const std::size_t length = has_body ? content_length(answer.head) : 0;
    while (received_.size() < length) {
      if (!fill()) return answer;
    }
    answer.body = received_.substr(0, length);
    received_.erase(0, length);
    answer.status = std::stoi(answer.head.substr(9, 3));
    return answer;
  }

  Answer exchange(std::string_view request) {
    send(request);
    return receive(!request.starts_with("HEAD "));
  }

  // True when the server has ended the connection without another byte.
  bool is_ended() { return received_.empty() && !fill(); }

 private:
  static std::size_t content_length(const std::string& head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  }

  bool fill() {
    constexpr int kDeadlineMs = 20'000;
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, kDeadlineMs) != 1) {
      FAIL_CHECK("the server said nothing for 20 s");
      return false;
    }
    char buffer[16384];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  bool is_open_ = false;
  std::string received_;
};

}  // namespace motion_mcp::sandbox
