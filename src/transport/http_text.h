#pragma once

// The bytes of an HTTP/1.1 reply (RFC 9112).

#include <string>
#include <string_view>

#include "transport/http_message.h"

namespace motion_mcp::transport {

// What the connection adds to a reply.
struct HttpReplyFrame {
  bool keep_alive = true;
  bool has_body = true;  // false in the answer to HEAD
  std::string_view request_id;
};

// The whole reply, with its Content-Length.
std::string print_reply(const HttpReply& reply, const HttpReplyFrame& frame);

// The head of a stream of server-sent events that `print_chunk` continues. `headers` are those the
// reply carries besides.
std::string print_stream_head(const HttpHeaders& headers, const HttpReplyFrame& frame);

// One chunk (RFC 9112 section 7.1); nothing for no data.
std::string print_chunk(std::string_view data);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7), now.
std::string_view http_date();

}  // namespace motion_mcp::transport
