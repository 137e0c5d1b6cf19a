#include "auth/guarded_fetch.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>
#include <vector>

#include "auth/freshness.h"
#include "net/ascii.h"
#include "net/url.h"

namespace motion_mcp::auth {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kMaxAddresses = 4;
constexpr std::uint32_t kHeaderBytes = 16U * 1024;
// Certificates, headers and the document, with what chunks and records add.
constexpr std::size_t kReceivedBytes = 128UL * 1024;

Error refused_url(std::string why) {
  return Error{ErrorKind::invalid_argument, "the document's URL was refused: " + std::move(why)};
}

// One message for every way in which a name leads nowhere.
Error nowhere(const net::Url& url) {
  return Error{ErrorKind::unreachable,
               "no connection could be made to " + url.host + " at a public address"};
}

Error too_busy() {
  return Error{ErrorKind::unavailable, "too many names are being looked up just now",
               "Try again in a moment."};
}

Error too_late(ErrorKind kind, const net::Url& url, std::chrono::milliseconds limit) {
  return Error{kind, url.host + " did not answer within " + std::to_string(limit.count()) + " ms"};
}

Error bad_answer(const net::Url& url, const std::string& what) {
  return Error{ErrorKind::bad_response, url.host + " " + what};
}

Result<net::Url> check_url(const std::string& text) {
  auto url = net::parse_url(text);
  if (!url) return refused_url(std::move(url).error().message);
  if (!url->https) return refused_url("it must begin with https://");
  if (url->port != kHttpsPort) return refused_url("it must not name a port");
  if (text.find('#') != std::string::npos) return refused_url("it must not have a fragment");
  return url;
}

// "application/json" and what is built on it (RFC 6839 section 3.1), whatever its parameters.
bool is_json_type(std::string_view content_type) {
  std::string type = net::to_lower(content_type.substr(0, content_type.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  return type == "application/json" ||
         (type.starts_with("application/") && type.ends_with("+json"));
}

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

// One request on one connection, on the thread that asks: each step runs the io_context until it is
// done or its time is over.
class Exchange {
 public:
  Exchange(const net::Url& url, base::SteadyTime deadline, const std::stop_token& stop)
      : url_(url),
        deadline_(deadline),
        stop_(stop),
        context_(asio::ssl::context::tls_client),
        on_stop_(stop, [this] { io_.stop(); }) {}

  // ErrorKind::internal when OpenSSL refuses.
  Result<void> prepare(X509_STORE* trust) {
    tls_.max_received_bytes = kReceivedBytes;
    tls_.on_start = [] {};
    tls_.on_violation = [this] { close(); };
    return net::configure_tls(context_.native_handle(), trust, url_.host, tls_);
  }

  // False when nobody answers there.
  bool connect(const tcp::endpoint& endpoint, base::SteadyTime until) {
    stream_.emplace(io_, context_);
    return !run(until, [&](auto done) { socket().async_connect(endpoint, std::move(done)); });
  }

  Result<void> shake_hands() {
    net::clear_tls_errors();
    if (!net::is_ip_address(url_.host)) {
      SSL_set_tlsext_host_name(stream_->native_handle(), url_.host.c_str());
    }
    const error_code error = run(deadline_, [&](auto done) {
      stream_->async_handshake(asio::ssl::stream_base::client, std::move(done));
    });
    if (!error && tls_.established) return {};
    std::string message = "the TLS handshake with " + url_.host + " failed";
    if (!tls_.failure.empty()) message += ": " + tls_.failure;
    return Error{ErrorKind::unreachable, std::move(message)};
  }

  error_code send(const std::string& request) {
    return run(deadline_, [&](auto done) {
      asio::async_write(*stream_, asio::buffer(request), std::move(done));
    });
  }

  // The answer, when it came whole and within the limits.
  error_code receive(http::response_parser<http::string_body>& answer) {
    boost::beast::flat_buffer buffer(kHeaderBytes);
    return run(deadline_,
               [&](auto done) { http::async_read(*stream_, buffer, answer, std::move(done)); });
  }

 private:
  tcp::socket& socket() { return stream_->next_layer(); }
  void close() {
    error_code ignored;
    socket().close(ignored);
  }

  // Starts an operation and waits for its end. timed_out when `until` or a stop came first; nothing
  // is under way any more then, and the connection is of no further use.
  template <class Start>
  error_code run(base::SteadyTime until, const Start& start) {
    std::optional<error_code> result;
    start([&result](error_code error, auto... /*count*/) { result = error; });
    io_.restart();
    // A stop from here on ends the run; one from before was overwritten.
    if (!stop_.stop_requested()) io_.run_until(until);
    if (result) return *result;
    close();
    while (!result) {
      io_.restart();
      io_.run();
    }
    return asio::error::timed_out;
  }

  const net::Url& url_;
  const base::SteadyTime deadline_;
  const std::stop_token& stop_;
  net::TlsSession tls_;
  asio::ssl::context context_;
  asio::io_context io_{1};
  std::optional<asio::ssl::stream<tcp::socket>> stream_;
  const std::stop_callback<std::function<void()>> on_stop_;
};

std::string request_text(const net::Url& url) {
  return "GET " + url.target + " HTTP/1.1\r\nHost: " + url.host_header() +
         "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nUser-Agent: motion-mcp\r\n"
         "Connection: close\r\n\r\n";
}

Result<FetchedDocument> judge(const net::Url& url, http::response<http::string_body> answer) {
  const unsigned status = answer.result_int();
  if (status / 100 == 3) return bad_answer(url, "answered with a redirect, which is not followed");
  if (status != 200) return bad_answer(url, "answered " + std::to_string(status));
  if (!is_json_type(view(answer[http::field::content_type]))) {
    return bad_answer(url, "answered with something else than JSON");
  }
  if (!answer[http::field::content_encoding].empty()) {
    return bad_answer(url, "answered with a compressed document");
  }
  std::string cache_control;
  for (const auto& field : answer) {
    if (field.name() == http::field::cache_control) {
      cache_control.append(view(field.value())).append(",");
    }
  }
  return FetchedDocument{std::move(answer.body()),
                         fresh_for(cache_control, view(answer[http::field::age]))};
}

std::optional<tcp::endpoint> endpoint_of(const std::string& address, std::uint16_t port) {
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  return error ? std::nullopt : std::optional(tcp::endpoint(parsed, port));
}

// Where the host may be spoken to: empty when one of its addresses is not public.
std::vector<tcp::endpoint> endpoints_of(const std::vector<std::string>& addresses,
                                        const GuardedFetch::Options& options) {
  std::vector<tcp::endpoint> endpoints;
  for (const std::string& address : addresses) {
    const auto endpoint = endpoint_of(address, options.port);
    if (!endpoint || !options.may_reach(address)) return {};
    endpoints.push_back(*endpoint);
  }
  endpoints.resize(std::min(endpoints.size(), kMaxAddresses));
  return endpoints;
}

}  // namespace

Result<FetchedDocument> GuardedFetch::fetch(const std::string& text, const std::stop_token& stop) {
  const net::Url url = TRY(check_url(text));
  const base::SteadyTime deadline = std::chrono::steady_clock::now() + options_.limits.time;
  const auto gave_up = [&](ErrorKind kind) {
    if (stop.stop_requested()) return Error{ErrorKind::cancelled, "the fetch was cancelled"};
    return too_late(kind, url, options_.limits.time);
  };
  const auto is_over = [&] {
    return stop.stop_requested() || std::chrono::steady_clock::now() >= deadline;
  };

  std::vector<tcp::endpoint> endpoints;
  if (const auto known = options_.known_hosts.find(url.host); known != options_.known_hosts.end()) {
    const auto endpoint = endpoint_of(known->second.address, known->second.port);
    if (endpoint) endpoints.push_back(*endpoint);
  } else {
    const net::Resolved resolved = options_.resolve(url.host, deadline, stop);
    if (resolved.outcome == net::Resolved::Outcome::busy) return too_busy();
    endpoints = endpoints_of(resolved.addresses, options_);
  }
  if (is_over()) return gave_up(ErrorKind::unreachable);
  Exchange exchange(url, deadline, stop);
  X509_STORE* const trust = TRY(trust_.get());
  TRY(exchange.prepare(trust));
  const bool is_connected =
      std::any_of(endpoints.begin(), endpoints.end(), [&](const tcp::endpoint& endpoint) {
        const bool is_last = endpoint == endpoints.back();
        const auto soon = std::chrono::steady_clock::now() + options_.limits.connect_time;
        return exchange.connect(endpoint, is_last ? deadline : std::min(soon, deadline));
      });
  if (!is_connected) return is_over() ? gave_up(ErrorKind::unreachable) : nowhere(url);
  if (auto secured = exchange.shake_hands(); !secured) {
    return is_over() ? gave_up(ErrorKind::unreachable) : std::move(secured).error();
  }
  http::response_parser<http::string_body> answer;
  answer.header_limit(kHeaderBytes);
  answer.body_limit(options_.limits.bytes);
  error_code error = exchange.send(request_text(url));
  if (!error) error = exchange.receive(answer);
  if (!error) return judge(url, answer.release());
  // The host was reached: that one of its URLs is slow says nothing of the others.
  if (is_over()) return gave_up(ErrorKind::bad_response);
  if (error == http::error::body_limit) {
    return bad_answer(
        url, "answered with more than " + std::to_string(options_.limits.bytes) + " bytes");
  }
  return bad_answer(url, "gave no whole answer: " + error.message());
}

}  // namespace motion_mcp::auth
