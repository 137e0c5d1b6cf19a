#pragma once

// What the program was told, by flags and by environment, as types. A flag beats its environment
// twin. A value that is empty, or still reads `${...}` because a host did not substitute it,
// counts as unset.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/api_key.h"
#include "app/environment.h"
#include "app/flags.h"
#include "app/http_config.h"
#include "app/setting_reader.h"
#include "base/log.h"
#include "base/result.h"
#include "download/download.h"
#include "jobs/spend_guard.h"
#include "tools/approval.h"

namespace motion_mcp::app {

struct Config {
  ApiKey api_key;  // Motion's; without one there is always a problem
  // Those of the further services (further_services.h); most have none.
  ApiKey mosaic_key;
  ApiKey motioness_project_key;  // public: it stands in every URL of the proxy
  ApiKey motioness_signing_secret;
  bool sandbox = false;
  double speed = 100;
  std::string api_base_url;
  // Where its videos come from, as a Content-Security-Policy takes it (mcp/app.h); with --sandbox
  // it is the sandbox instead.
  std::vector<std::string> media_origins;
  std::string mosaic_base_url;     // MOSAIC_API_BASE_URL, without a slash at its end
  std::string motioness_base_url;  // MOTIONESS_BASE_URL, likewise
  std::string ca_file;             // empty: the system's
  std::string ca_dir;
  std::string https_proxy;  // empty: none
  std::string no_proxy;
  // Those of a further service are served to who has a key for it alone.
  std::vector<std::string> toolsets = {"motion", "library", "mosaic", "motioness"};
  bool toolsets_were_given = false;
  bool read_only = false;
  std::chrono::seconds max_wait{50};
  base::LogLevel log_level = base::LogLevel::warning;
  std::optional<ListenAddress> listen;
  HttpConfig http;
  bool wait = false;
  std::string output;
  bool json = false;
  // The keys that seal task ids, sessions and states, absolute; empty when there is no place for
  // one.
  std::string seal_key_file;
  bool seal_key_file_was_given = false;
  // Where download_video saves; absolute, not created. Empty when there is no data folder.
  std::string output_dir;
  std::uint64_t max_download_bytes = download::kDefaultMaxBytes;
  // Of the history of paid requests; empty: none is kept.
  std::string ledger_path;
  // Beside it, those of the further services; empty when `ledger_path` is.
  std::string mosaic_ledger_path;
  std::string motioness_ledger_path;
  bool ledger_keeps_prompts = true;
  jobs::SpendGuard::Options spending;
  tools::Approvals::Ask confirm = tools::Approvals::Ask::never;
  // $XDG_DATA_HOME/motion-mcp, or ~/.local/share/motion-mcp. Empty when neither is known. Not
  // created.
  std::string data_folder;
};

// invalid_argument names the flag or the variable. A missing or unreadable key is no error: it is
// in ApiKey::problem. Tells the redactor every secret it reads. Reads the key files, touches
// nothing else.
Result<Config> read_config(const GivenFlags& given, const Environment& environment);

}  // namespace motion_mcp::app
