#pragma once

// A URL of the proxy as the proxy reads it. Written for itself and not with the client's own code,
// which it is to check.

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"

namespace motion_mcp::sandbox {

struct ProxyUrl {
  std::string project;
  std::string source_url;  // with its scheme
  bool is_video = true;    // .mp4; otherwise .jpg
  std::map<std::string, std::string> parameters;

  [[nodiscard]] std::string parameter(const std::string& name) const;
  // What makes it another asset: everything but the format, wait_ms, exp and sig.
  [[nodiscard]] std::string identity() const;
  // Of wait_ms, which must be valid.
  [[nodiscard]] std::chrono::milliseconds wait() const;
};

struct UrlFault {
  int status = 400;
  std::string message;
};

// How the projects are set up.
struct Signing {
  std::string_view projects;  // those whose key begins with it sign their URLs
  std::string_view secret;
};

// Reads what follows /v1/ in a target, as sent, unless it is {projectKey}/events/.... Checked as in
// seed 003: path, project key, signature and its expiry (exp covers the second it names),
// parameters, kind of picture.
std::variant<ProxyUrl, UrlFault> read_proxy_url(std::string_view target, const Signing& signing,
                                                base::WallTime now);

}  // namespace motion_mcp::sandbox
