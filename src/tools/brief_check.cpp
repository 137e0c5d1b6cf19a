#include "tools/brief_check.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/quote.h"
#include "base/random.h"
#include "base/text.h"
#include "tools/public_url.h"

namespace motion_mcp::tools {
namespace {

constexpr std::array<std::string_view, 7> kYoutubeHosts = {
    "youtube.com", "www.youtube.com",      "m.youtube.com",           "music.youtube.com",
    "youtu.be",    "youtube-nocookie.com", "www.youtube-nocookie.com"};

class Faults {
 public:
  void add(std::string_view path, std::string_view message, std::string_view next_step) {
    if (!message_.empty()) message_ += "; ";
    message_ += path;
    message_ += ' ';
    message_ += message;
    if (std::find(next_steps_.begin(), next_steps_.end(), next_step) == next_steps_.end()) {
      next_steps_.emplace_back(next_step);
    }
  }
  [[nodiscard]] Result<void> result() const {
    if (message_.empty()) return {};
    std::string next_step;
    for (const std::string& step : next_steps_) next_step += (next_step.empty() ? "" : " ") + step;
    return Error{ErrorKind::invalid_argument, message_, next_step};
  }

 private:
  std::string message_;
  std::vector<std::string> next_steps_;
};

void check_style_reference(const std::string& url, Faults& faults) {
  constexpr std::string_view kPath = "style_reference_url";
  constexpr std::string_view kStep =
      "Pass a URL on https://www.youtube.com or https://youtu.be, or leave style_reference_url out "
      "and describe the style in the prompt.";
  const Result<std::string> host = host_of_public_url(url);
  if (!host) return faults.add(kPath, host.error().message, kStep);
  if (std::find(kYoutubeHosts.begin(), kYoutubeHosts.end(), *host) == kYoutubeHosts.end()) {
    faults.add(kPath, "names " + base::quote(*host) + ", and only YouTube videos are taken", kStep);
  }
}

}  // namespace

Result<void> check_brief(const motion::VideoBrief& brief) {
  Faults faults;
  if (base::is_blank(brief.prompt)) {
    faults.add("prompt", "holds nothing but white space", "Say in prompt what the video is to be.");
  }
  if (brief.style_reference_url) check_style_reference(*brief.style_reference_url, faults);
  if (brief.attachments) {
    for (std::size_t i = 0; i < brief.attachments->size(); ++i) {
      const Result<std::string> host = host_of_public_url((*brief.attachments)[i].url);
      if (host) continue;
      faults.add("attachments[" + std::to_string(i) + "].url", host.error().message,
                 host.error().next_step);
    }
  }
  return faults.result();
}

std::string job_id_of(const Json& arguments) {
  return arguments.value("job_id", "");
}

Result<void> check_job_id(std::string_view job_id) {
  if (base::is_uuid(job_id)) return {};
  return Error{ErrorKind::invalid_argument, "job_id is not a UUID",
               "Pass the job_id as create_video returned it, such as "
               "405d47cf-f72b-4852-b570-0de2446dbba1."};
}

}  // namespace motion_mcp::tools
