#include "transport/http_request_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>
#include <optional>

namespace motion_mcp::transport {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BoostText = boost::beast::string_view;

// What may wait for the rest of a chunk's size line, its extensions or the trailers.
constexpr std::size_t kMaxUnparsedBytes = 4096;
constexpr std::size_t kMaxChunkExtensionBytes = 256;
// The end of a chunked body, "0\r\n\r\n". Beast's parser asserts that it is not asked again about
// less.
constexpr std::size_t kLastChunkBytes = 5;
constexpr std::string_view kBadBody = "The body is not framed as its headers say";

std::string to_string(BoostText text) {
  return {text.data(), text.size()};
}

bool may_be_last_chunk(std::string_view received) {
  const std::size_t size = received.find_first_not_of("\r\n");
  return size == std::string_view::npos || received[size] == '0';
}

// Whether `received` begins with the whole line of a chunk that is not the last one, after the line
// end of the chunk before it.
bool has_chunk_line(std::string_view received) {
  if (received.substr(0, 2) == "\r\n") received.remove_prefix(2);
  const std::string_view size =
      received.substr(0, received.find_first_not_of("0123456789abcdefABCDEF"));
  return size.find_first_not_of('0') != std::string_view::npos &&
         received.find("\r\n") != std::string_view::npos;
}

}  // namespace

// Beast's events, kept as an HttpRequest.
class HttpRequestReader::Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(const HttpRequestLimits& limits) {
    header_limit(static_cast<std::uint32_t>(limits.head.bytes));
    body_limit(limits.body_bytes);
  }

  HttpRequest request;
  bool is_http_1_1 = false;
  bool has_expectation = false;
  bool expects_continue = false;

 private:
  void on_request_impl(http::verb /*method*/, BoostText method, BoostText target, int version,
                       error_code& error) override {
    request.method = to_string(method);
    request.target = to_string(target);
    is_http_1_1 = version == 11;
    error = {};
  }

  void on_field_impl(http::field name, BoostText spelling, BoostText value,
                     error_code& error) override {
    error = {};
    // A header must not come after the request was let in: trailers are dropped.
    if (is_header_done()) return;
    if (name == http::field::expect) {
      has_expectation = true;
      expects_continue = boost::beast::iequals(value, "100-continue");
    }
    request.headers.emplace_back(to_string(spelling), to_string(value));
  }

  void on_header_impl(error_code& error) override { error = {}; }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override {
    if (length) request.body.reserve(std::min<std::uint64_t>(*length, kMaxReservedBytes));
    error = {};
  }

  std::size_t on_body_impl(BoostText bytes, error_code& error) override {
    request.body.append(bytes.data(), bytes.size());
    error = {};
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t /*size*/, BoostText extensions,
                            error_code& error) override {
    error = extensions.size() > kMaxChunkExtensionBytes
                ? error_code(http::error::bad_chunk_extension)
                : error_code();
  }

  std::size_t on_chunk_body_impl(std::uint64_t /*rest*/, BoostText bytes,
                                 error_code& error) override {
    return on_body_impl(bytes, error);
  }

  void on_finish_impl(error_code& error) override { error = {}; }

  void on_response_impl(int /*code*/, BoostText /*reason*/, int /*version*/,
                        error_code& error) override {
    error = http::error::bad_method;
  }

  // A length is only a promise.
  static constexpr std::uint64_t kMaxReservedBytes = 64UL * 1024;
};

HttpRequestReader::HttpRequestReader(const HttpRequestLimits& limits)
    : limits_(limits), scanner_(limits.head) {}

HttpRequestReader::~HttpRequestReader() = default;

HttpRequestReader::State HttpRequestReader::read(std::string& received) {
  if (parser_ == nullptr) {
    const State state = parse_head(received);
    if (state != State::incomplete || parser_ == nullptr) return state;
  }
  return parse_body(received);
}

HttpRequestReader::State HttpRequestReader::parse_head(std::string& received) {
  switch (scanner_.scan(received)) {
    case HttpHeadScanner::State::incomplete:
      return State::incomplete;
    case HttpHeadScanner::State::refused:
      return refuse(scanner_.status(), scanner_.why());
    case HttpHeadScanner::State::complete:
      break;
  }
  parser_ = std::make_unique<Parser>(limits_);
  received.erase(0, scanner_.begin());
  return State::incomplete;
}

HttpRequestReader::State HttpRequestReader::parse_body(std::string& received) {
  // The head is judged before the body, also when they come together.
  if (!has_head()) {
    const State state = put(received);
    if (state != State::incomplete || !has_head()) return state;
    parser_->eager(true);
  }
  const bool is_too_early = received.size() < kLastChunkBytes && may_be_last_chunk(received);
  if (parser_->chunked() && is_too_early) return State::incomplete;
  const State state = put(received);
  if (state != State::incomplete || !parser_->chunked()) return state;
  // Beast looks for the end of an extension's quotes beyond the line, and counts the chunk against
  // the limit anew each time.
  if (has_chunk_line(received)) return refuse(400, kBadBody);
  if (received.size() > kMaxUnparsedBytes) return refuse(400, "A chunk's size line is too long");
  return State::incomplete;
}

HttpRequestReader::State HttpRequestReader::put(std::string& received) {
  error_code error;
  const std::size_t taken =
      parser_->put(boost::asio::const_buffer(received.data(), received.size()), error);
  received.erase(0, taken);
  if (error == http::error::body_limit) {
    return refuse(413, "The body is larger than this server takes");
  }
  if (error == http::error::bad_version) return refuse(505, "This server speaks HTTP/1.1");
  if (error && error != http::error::need_more) {
    return refuse(400, has_head() ? kBadBody : "The request line or a header is malformed");
  }
  if (parser_->has_expectation && !parser_->expects_continue) {
    return refuse(417, "The only expectation met is 100-continue");
  }
  return parser_->is_done() ? State::complete : State::incomplete;
}

HttpRequestReader::State HttpRequestReader::refuse(int status, std::string_view why) {
  status_ = status;
  why_ = why;
  return State::refused;
}

bool HttpRequestReader::has_head() const {
  return parser_ != nullptr && parser_->is_header_done();
}

bool HttpRequestReader::expects_continue() const {
  return is_http_1_1() && parser_->expects_continue;
}

HttpRequest& HttpRequestReader::request() {
  return parser_->request;
}

bool HttpRequestReader::is_http_1_1() const {
  return has_head() && parser_->is_http_1_1;
}

bool HttpRequestReader::keeps_alive() const {
  return is_http_1_1() && parser_->keep_alive();
}

int HttpRequestReader::status() const {
  return status_;
}

std::string_view HttpRequestReader::why() const {
  return why_;
}

}  // namespace motion_mcp::transport
