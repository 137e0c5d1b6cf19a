#include "base/redact.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace motion_mcp::base {
namespace {

constexpr std::string_view kMark = "[redacted]";
constexpr std::size_t kMinSecretBytes = 8;

struct Secrets {
  std::shared_mutex mutex;
  std::vector<std::string>
      values;  // longest first, so that a secret within a secret leaves no rest
};

Secrets& secrets() {
  static Secrets instance;
  return instance;
}

void replace_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), kMark);
    at += kMark.size();
  }
}

bool is_key_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-' || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

// Hides the run of key characters after each `prefix`, when it is long enough to be a key.
void hide_after(std::string& text, std::string_view prefix, std::size_t min_length) {
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
    const std::size_t begin = at + prefix.size();
    std::size_t end = begin;
    while (end < text.size() && is_key_char(text[end])) ++end;
    if (end - begin >= min_length) text.replace(begin, end - begin, kMark);
    at = begin;
  }
}

// A signed URL is a credential for what it points to: its query never reaches a log.
void hide_signed_queries(std::string& text) {
  constexpr std::array<std::string_view, 4> kSigns = {"ignature=", "sig=", "oken=", "X-Goog-"};
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'<>", at), text.size());
    const std::size_t query = text.find('?', at);
    if (query >= end) continue;
    const std::string_view tail(text.data() + query, end - query);
    const bool is_signed = std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) {
      return tail.find(sign) != std::string_view::npos;
    });
    if (is_signed) text.replace(query + 1, end - query - 1, kMark);
  }
}

}  // namespace

void add_secret(std::string_view secret) {
  if (secret.size() < kMinSecretBytes) return;
  auto& [mutex, values] = secrets();
  const std::unique_lock lock(mutex);
  if (std::find(values.begin(), values.end(), secret) != values.end()) return;
  values.emplace_back(secret);
  std::sort(values.begin(), values.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string redact(std::string_view text) {
  std::string safe(text);
  {
    auto& [mutex, values] = secrets();
    const std::shared_lock lock(mutex);
    for (const std::string& value : values) replace_all(safe, value);
  }
  hide_after(safe, "motion_", 12);
  hide_after(safe, "mk_", 12);
  hide_after(safe, "Bearer ", 4);
  hide_signed_queries(safe);
  return safe;
}

}  // namespace motion_mcp::base
