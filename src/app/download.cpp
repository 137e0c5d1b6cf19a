#include "app/download.h"

#include <optional>
#include <utility>

namespace motion_mcp::app {
namespace {

constexpr int kAttempts = 3;
constexpr std::chrono::minutes kAttemptDeadline{15};
constexpr std::chrono::seconds kPause{2};

Error not_an_mp4() {
  return Error{ErrorKind::bad_response, "what the download link gave is not an MP4 file"};
}

// Where the body of one attempt goes.
class Receiver {
 public:
  Receiver(OutputFile& file, const DownloadProgress& on_progress)
      : file_(file), on_progress_(on_progress) {}

  bool take(std::string_view bytes) {
    if (head_.size() < kHeadBytes) head_.append(bytes.substr(0, kHeadBytes - head_.size()));
    if (head_.size() == kHeadBytes && !looks_like_mp4()) {
      fault_ = not_an_mp4();
      return false;
    }
    if (auto written = file_.write(bytes); !written) {
      fault_ = std::move(written).error();
      return false;
    }
    bytes_ += bytes.size();
    if (on_progress_) on_progress_(bytes_);
    return true;
  }

  [[nodiscard]] bool looks_like_mp4() const { return head_.ends_with("ftyp"); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }

 private:
  static constexpr std::size_t kHeadBytes = 8;

  OutputFile& file_;
  const DownloadProgress& on_progress_;
  std::string head_;
  std::uint64_t bytes_ = 0;
  std::optional<Error> fault_;
};

Error error_of_status(int status) {
  const std::string answered = "the file host answered " + std::to_string(status);
  if (status == 403 || status == 404 || status == 410) {
    return Error{ErrorKind::not_found, answered + ": the link is dead",
                 "Read the job's status again for a fresh link."};
  }
  if (status == 429 || status >= 500) return Error{ErrorKind::unavailable, answered};
  return Error{ErrorKind::bad_response, answered};
}

Result<std::uint64_t> attempt(net::HttpClient& http, const net::HttpRequest& request,
                              base::SteadyTime deadline, OutputFile& file,
                              const std::stop_token& stop, const DownloadProgress& on_progress) {
  TRY(file.clear());
  Receiver receiver(file, on_progress);
  const auto response = http.send(request, deadline, stop,
                                  [&](std::string_view bytes) { return receiver.take(bytes); });
  if (receiver.fault()) return *receiver.fault();
  if (!response) return response.error();
  if (response->status != 200) return error_of_status(response->status);
  if (!receiver.looks_like_mp4()) return not_an_mp4();
  return receiver.bytes();
}

bool is_worth_another(ErrorKind kind) {
  return kind == ErrorKind::unreachable || kind == ErrorKind::interrupted ||
         kind == ErrorKind::unavailable;
}

}  // namespace

Result<std::uint64_t> download_video(net::HttpClient& http, const base::Clock& clock,
                                     const std::string& url, OutputFile& file,
                                     const std::stop_token& stop,
                                     const DownloadProgress& on_progress) {
  net::HttpRequest request;
  request.url = url;
  for (int made = 1;; ++made) {
    auto bytes = attempt(http, request, clock.now() + kAttemptDeadline, file, stop, on_progress);
    if (bytes) {
      TRY(file.commit());
      return bytes;
    }
    if (!is_worth_another(bytes.error().kind) || made == kAttempts) return bytes;
    if (!clock.sleep_until(clock.now() + kPause, stop)) {
      return Error{ErrorKind::cancelled, "the download was interrupted"};
    }
  }
}

}  // namespace motion_mcp::app
