#pragma once

// `motion-mcp doctor`: what a call needs, checked in order, with what to do about each fault.

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/findings.h"
#include "base/clock.h"
#include "net/http_client.h"
#include "net/resolver.h"

namespace motion_mcp::app {

// What the checks touch; tests put their own in its place. Must outlive the examination.
struct Examination {
  const Config& config;
  std::string api_base_url;  // the sandbox's with --sandbox
  std::string api_key;
  std::string mosaic_base_url;
  net::HttpClient& http;
  const base::Clock& clock;
  std::function<net::Resolved(const std::string& host)> resolve;
  // Makes the folder if need be and tries to write in it.
  std::function<Result<void>(const std::string& folder)> probe_folder;
  // Opens the ledger at the path and writes to it, or tries to write where it would be made.
  std::function<Result<void>(const std::string& path)> probe_ledger;
  // As probe_folder, but refuses what download_video does.
  std::function<Result<void>(const std::string& folder)> probe_output_dir;
};

// Spends nothing: Motion is asked for a job that does not exist, a further service for its account.
std::vector<Finding> examine(const Examination& examination, const std::stop_token& stop);

Result<void> probe_folder(const std::string& folder);
Result<void> probe_ledger(const std::string& path);
Result<void> probe_output_dir(const std::string& folder);

}  // namespace motion_mcp::app
