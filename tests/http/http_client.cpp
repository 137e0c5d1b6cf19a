#include "http/http_client.h"

#include <charconv>
#include <csignal>
#include <utility>

#include "http/gate_tools.h"

namespace motion_mcp::test {
namespace {

constexpr int kDeadlineMs = static_cast<int>(std::chrono::milliseconds(kTestDeadline).count());

class PlainWire final : public Client::Wire {
 public:
  explicit PlainWire(const fakes::Socket& socket) : socket_(socket) {}
  bool write(std::string_view bytes) override { return socket_.write(bytes); }
  std::string read() override { return socket_.read(); }
  bool readable_within(int milliseconds) override { return socket_.readable_within(milliseconds); }

 private:
  const fakes::Socket& socket_;
};

class TlsWire final : public Client::Wire {
 public:
  TlsWire(const fakes::Socket& socket, int newest)
      : socket_(socket), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    SSL_CTX_set_max_proto_version(context_.get(), newest);
    // What is old is to be refused by the server, not by this side.
    SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket.descriptor());
  }
  bool connect() { return SSL_connect(ssl_.get()) == 1; }

  bool write(std::string_view bytes) override {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  std::string read() override {
    std::string bytes(16384, '\0');
    const int count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }
  bool readable_within(int milliseconds) override {
    return SSL_pending(ssl_.get()) > 0 || socket_.readable_within(milliseconds);
  }

 private:
  const fakes::Socket& socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
};

}  // namespace

Client::Client(std::uint16_t port) : Client(fakes::connect_to("127.0.0.1", port)) {}

Client::Client(fakes::Socket socket) : socket_(std::make_unique<fakes::Socket>(std::move(socket))) {
  if (socket_->valid()) wire_ = std::make_unique<PlainWire>(*socket_);
}

Client Client::with_tls(std::uint16_t port, int newest) {
  Client client;
  client.socket_ = std::make_unique<fakes::Socket>(fakes::connect_to("127.0.0.1", port));
  auto wire = std::make_unique<TlsWire>(*client.socket_, newest);
  if (wire->connect()) client.wire_ = std::move(wire);
  return client;
}

void Client::close() {
  wire_.reset();
  socket_.reset();
}

bool Client::fill() {
  if (!wire_->readable_within(kDeadlineMs)) return false;
  const std::string bytes = wire_->read();
  buffer_ += bytes;
  return !bytes.empty();
}

std::optional<std::string> Client::take_line() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::optional<std::string> Client::take(std::size_t count) {
  while (buffer_.size() < count) {
    if (!fill()) return std::nullopt;
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

Answer Client::read_head() {
  Answer answer;
  const auto first = take_line();
  if (!first || !first->starts_with("HTTP/1.1 ")) return {};
  std::from_chars(first->data() + 9, first->data() + first->size(), answer.status);
  for (;;) {
    const auto line = take_line();
    if (!line) return {};
    if (line->empty()) return answer;
    const std::size_t colon = line->find(": ");
    answer.headers.emplace_back(line->substr(0, colon), line->substr(colon + 2));
  }
}

std::string Client::read_chunk() {
  const auto line = take_line();
  if (!line) return {};
  std::size_t size = 0;
  std::from_chars(line->data(), line->data() + line->size(), size, 16);
  const auto data = take(size);
  take_line();
  return data.value_or("");
}

Answer Client::read_answer(bool has_body) {
  Answer answer = read_head();
  if (answer.status == 0 || answer.status == 100 || answer.status == 204 || !has_body) {
    return answer;
  }
  if (answer.header("Transfer-Encoding") == "chunked") {
    for (std::string chunk = read_chunk(); !chunk.empty(); chunk = read_chunk()) {
      answer.body += chunk;
    }
    return answer;
  }
  const std::string length = answer.header("Content-Length");
  std::size_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  auto body = take(size);
  if (length.empty() || !body) return {};
  answer.body = *std::move(body);
  return answer;
}

bool Client::is_closed() {
  return buffer_.empty() && wire_->readable_within(kDeadlineMs) && wire_->read().empty();
}

std::string Client::read_all() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

}  // namespace motion_mcp::test
