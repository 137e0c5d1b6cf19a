#include "tools/video_file_name.h"

#include <algorithm>
#include <string>

#include "net/ascii.h"
#include "tools/job_words.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kSuffix = ".mp4";
constexpr std::size_t kMaxSlugBytes = 50;
constexpr std::size_t kIdBytes = 8;

Error refused(std::string_view why) {
  return Error{ErrorKind::invalid_argument, "filename " + std::string(why),
               "Pass a plain name such as launch.mp4, or leave filename out."};
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Words joined by hyphens, cut between two of them where that leaves something.
std::string slug(std::string_view text) {
  std::string joined;
  for (const char given : text) {
    const char c = net::to_lower(given);
    if (is_word_character(c)) {
      joined += c;
    } else if (!joined.empty() && joined.back() != '-') {
      joined += '-';
    }
    if (joined.size() > kMaxSlugBytes) break;
  }
  if (joined.size() > kMaxSlugBytes) {
    const std::size_t end = joined.rfind('-', kMaxSlugBytes);
    joined.resize(end == std::string::npos ? kMaxSlugBytes : end);
  }
  while (joined.ends_with('-')) joined.pop_back();
  return joined;
}

}  // namespace

Result<void> check_file_name(std::string_view name) {
  if (name.empty()) return {};
  if (name.find_first_of("/\\") != std::string_view::npos) {
    return refused("must not name a folder: files go to one folder only");
  }
  if (name.front() == '.') return refused("must not begin with a dot");
  if (name.find_first_of(":*?\"<>|") != std::string_view::npos) {
    return refused("must not hold any of : * ? \" < > |");
  }
  if (name.size() > kMaxFileNameBytes) {
    return refused("must not be longer than " + std::to_string(kMaxFileNameBytes) + " bytes");
  }
  // What does not show, blanks at its ends or in rows, and what looks like a key.
  if (shown_text(std::string(name)) != name || name.back() == ' ' || name.back() == '.') {
    return refused("must be text on one line, without blanks or dots at its end");
  }
  return {};
}

std::string with_mp4(std::string_view name) {
  const bool has_suffix = name.size() > kSuffix.size() && net::to_lower(name).ends_with(kSuffix);
  return std::string(name) + (has_suffix ? "" : std::string(kSuffix));
}

std::string file_name_for(std::string_view prompt, std::string_view job_id) {
  std::string words = slug(prompt);
  if (words.empty()) words = "video";
  return words + "-" + net::to_lower(job_id.substr(0, kIdBytes)) + std::string(kSuffix);
}

}  // namespace motion_mcp::tools
