#pragma once

// The host of a video file, as far as a download can tell: an HttpClient with one file behind it
// that answers ranges (RFC 9110 section 14) and can be told to fail.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fakes/manual_clock.h"
#include "net/http_client.h"

namespace motion_mcp::fakes {

// A file of `bytes` bytes that begins like an MP4; another `seed`, other bytes.
inline std::string an_mp4(std::size_t bytes, unsigned seed = 1) {
  std::string file = std::string("\0\0\0\x18", 4) + "ftypisom";
  std::uint32_t state = seed;
  while (file.size() < bytes) {
    state = state * 1664525U + 1013904223U;
    file += static_cast<char>(state >> 24U);
  }
  file.resize(bytes);
  return file;
}

// One thread's. Bodies arrive in pieces of `piece` bytes.
class FileHost final : public net::HttpClient {
 public:
  std::string file = an_mp4(10'000);
  std::string etag = "\"v1\"";  // empty: none
  net::Headers more_headers;
  bool knows_ranges = true;
  bool tells_length = true;
  std::size_t piece = 100;
  std::set<std::string> dead_links;
  // For each coming request that is answered with a body: how many bytes until it is cut.
  std::deque<std::size_t> cuts;
  // Whole answers for coming requests, in place of the file.
  std::deque<Result<net::HttpResponse>> instead;
  std::function<void(std::size_t sent)> on_piece;

  std::vector<net::HttpRequest> requests;
  std::size_t body_bytes = 0;  // sent in all

  Result<net::HttpResponse> send(const net::HttpRequest& request, base::SteadyTime /*deadline*/,
                                 const std::stop_token& stop,
                                 const net::BodySink& sink = {}) override {
    if (stop.stop_requested()) return Error{ErrorKind::cancelled, "the call was cancelled"};
    requests.push_back(request);
    if (!instead.empty()) {
      const auto answer = instead.front();
      instead.pop_front();
      if (!answer || answer->status / 100 != 2) return answer;
      return deliver(*answer, stop, sink);
    }
    if (dead_links.contains(request.url)) return net::HttpResponse{403, {}, "<Error/>"};
    return deliver(answer_to(request), stop, sink);
  }

 private:
  [[nodiscard]] net::HttpResponse answer_to(const net::HttpRequest& request) const {
    net::HttpResponse answer{200, more_headers, file};
    if (!etag.empty()) answer.headers.emplace_back("ETag", etag);
    const auto range = net::find_header(request.headers, "Range");
    const auto condition = net::find_header(request.headers, "If-Range");
    const bool is_same = !condition || *condition == etag ||
                         *condition == net::find_header(more_headers, "Last-Modified").value_or("");
    if (range && knows_ranges && is_same) {
      const std::size_t first = std::stoul(std::string(range->substr(6)));
      if (first >= file.size()) return {416, {}, ""};
      answer.status = 206;
      answer.headers.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" +
                                                       std::to_string(file.size() - 1) + "/" +
                                                       std::to_string(file.size()));
      answer.body = file.substr(first);
    }
    if (tells_length)
      answer.headers.emplace_back("Content-Length", std::to_string(answer.body.size()));
    return answer;
  }

  Result<net::HttpResponse> deliver(net::HttpResponse answer, const std::stop_token& stop,
                                    const net::BodySink& sink) {
    if (answer.status / 100 != 2) return answer;
    std::string body = std::exchange(answer.body, {});
    if (sink.begin && !sink.begin(answer)) return Error{ErrorKind::cancelled, "refused"};
    bool is_cut = false;
    if (!cuts.empty()) {
      is_cut = cuts.front() < body.size();
      body.resize(std::min(body.size(), cuts.front()));
      cuts.pop_front();
    }
    for (std::size_t at = 0; at < body.size(); at += piece) {
      if (stop.stop_requested()) return Error{ErrorKind::cancelled, "the call was cancelled"};
      const std::string_view bytes = std::string_view(body).substr(at, piece);
      body_bytes += bytes.size();
      if (!sink.take(bytes)) return Error{ErrorKind::cancelled, "refused"};
      if (on_piece) on_piece(body_bytes);
    }
    if (is_cut) return Error{ErrorKind::interrupted, "the connection was cut"};
    return answer;
  }
};

}  // namespace motion_mcp::fakes
