// bare-beast: the least that a Boost.Beast server can do for a call of MCP: reads the request,
// parses its JSON with nlohmann, and answers `--body` with the request's id in it. What
// motion-mcp's listener costs is measured against it.
//   bare-beast --body FILE     prints http://127.0.0.1:PORT/mcp

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "bench/give_up.h"

namespace motion_mcp::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr int kBacklog = 1024;

// The answer around the request's id.
struct Answer {
  std::string before;
  std::string after;
};

Answer read_answer(const std::string& file) {
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  constexpr std::string_view kKey = "\"id\":";
  const std::size_t at = text.find(kKey) + kKey.size();
  const std::size_t end = text.find_first_not_of("0123456789", at);
  if (at < kKey.size() || end == std::string::npos) give_up(file + " holds no JSON-RPC response");
  return {text.substr(0, at), text.substr(end)};
}

http::response<http::string_body> respond(const http::request<http::string_body>& request,
                                          const Answer& answer) {
  const Json message = Json::parse(request.body(), nullptr, /*allow_exceptions=*/false);
  http::response<http::string_body> response(http::status::ok, 11);
  response.set(http::field::date, "Sat, 21 Nov 2026 04:42:21 GMT");
  response.set(http::field::content_type, "application/json");
  response.set(http::field::cache_control, "no-store, no-transform");
  response.set("X-Request-Id", "325ec638abed-123456");
  if (message.is_object() && message.contains("id")) {
    response.body() = answer.before + message["id"].dump() + answer.after;
  } else {
    response.result(http::status::accepted);
  }
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  return response;
}

asio::awaitable<void> serve(tcp::socket socket, const Answer& answer) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::request<http::string_body> request;
    const auto [unread, taken] = co_await http::async_read(socket, buffer, request, kToken);
    if (unread) co_return;
    const auto response = respond(request, answer);
    const auto [unsent, sent] = co_await http::async_write(socket, response, kToken);
    if (unsent || !response.keep_alive()) co_return;
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, std::deque<asio::io_context>& contexts,
                             const Answer& answer) {
  for (std::size_t next = 0;; ++next) {
    asio::io_context& context = contexts[next % contexts.size()];
    auto [error, socket] = co_await acceptor.async_accept(context, kToken);
    if (error) continue;
    asio::co_spawn(context, serve(std::move(socket), answer), asio::detached);
  }
}

[[noreturn]] void run(const std::string& file) {
  const Answer answer = read_answer(file);
  std::deque<asio::io_context> contexts;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    contexts.emplace_back(1);
  }
  tcp::acceptor acceptor(contexts.front());
  acceptor.open(tcp::v4());
  acceptor.bind({asio::ip::address_v4::loopback(), 0});
  acceptor.listen(kBacklog);
  asio::co_spawn(contexts.front(), accept(acceptor, contexts, answer), asio::detached);
  std::printf("http://127.0.0.1:%d/mcp\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (asio::io_context& context : contexts) {
    threads.emplace_back([&context] {
      const auto guard = asio::make_work_guard(context);
      context.run();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::abort();  // the contexts never run out of work
}

}  // namespace
}  // namespace motion_mcp::bench

int main(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]) != "--body") {
    motion_mcp::bench::give_up("usage: bare-beast --body FILE");
  }
  motion_mcp::bench::run(argv[2]);
}
