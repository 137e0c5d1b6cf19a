#pragma once

// The object graph, built once for every command that serves or calls tools.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/upstream_meter.h"
#include "base/result.h"
#include "base/seal_key_source.h"
#include "jobs/agent_book.h"
#include "jobs/followup_baselines.h"
#include "jobs/ledger.h"
#include "jobs/one_at_a_time.h"
#include "jobs/spend_guard.h"
#include "jobs/watcher.h"
#include "mcp/server.h"
#include "mosaic/client.h"
#include "motion/client.h"
#include "motioness/client.h"
#include "net/http_client.h"
#include "sandbox/server.h"
#include "tools/tool_table.h"

namespace motion_mcp::app {

// The program's version, "1.2.3".
extern const std::string_view kVersion;

// Who is served: who started the program, or callers from elsewhere. The tools that work on files
// of this machine are not for those.
enum class Audience { local, remote };

// The tools of `config.toolsets`, without those that spend or write when `config.read_only`, sorted
// by name. Those of a further service are there for local callers when they have a key for it, for
// remote ones always: each sees them who brings one. invalid_argument for an unknown toolset.
Result<std::vector<tools::Entry>> enabled_tools(const Config& config,
                                                Audience audience = Audience::local);

// Building one touches neither network, disk nor locks, for hosts start processes only to look;
// with --sandbox it opens a port on loopback.
class Program {
 public:
  // invalid_argument for a setting that does not fit, unavailable when the sandbox cannot start.
  // `seal_keys` are those of mcp::Server; without them they are read from the configured file at
  // first use (seal_keys.h).
  static Result<std::unique_ptr<Program>> make(
      const Config& config, Audience audience = Audience::local,
      const std::shared_ptr<const base::SealKeySource>& seal_keys = nullptr);

  [[nodiscard]] const mcp::Server& server() const { return *server_; }
  [[nodiscard]] const mcp::Caller& caller() const { return caller_; }
  [[nodiscard]] net::HttpClient& http() const { return *http_; }
  // The same client, for its figures.
  [[nodiscard]] const UpstreamMeter& upstream() const { return *http_; }
  // How many jobs of each service are being waited for.
  [[nodiscard]] std::size_t watched_jobs() const { return watcher_.watched(); }
  [[nodiscard]] std::size_t watched_clips() const { return clip_watcher_.watched(); }
  // Where the Motion API is: the sandbox's address with --sandbox.
  [[nodiscard]] const std::string& api_base_url() const { return api_base_url_; }
  // Where the further services are, likewise.
  [[nodiscard]] const std::string& mosaic_base_url() const { return mosaic_base_url_; }
  [[nodiscard]] const std::string& motioness_base_url() const { return motioness_base_url_; }

 private:
  Program(const Config& config, Audience audience, std::span<const tools::Entry> enabled,
          std::unique_ptr<sandbox::Server> sandbox,
          std::shared_ptr<const base::SealKeySource> seal_keys);

  std::unique_ptr<sandbox::Server> sandbox_;  // null without --sandbox
  std::string api_base_url_;
  std::string mosaic_base_url_;
  std::string motioness_base_url_;
  mcp::Caller caller_;
  std::unique_ptr<UpstreamMeter> http_;
  jobs::Ledger ledger_;
  jobs::FollowupBaselines baselines_;
  jobs::SpendGuard guard_;
  motion::Client motion_;
  jobs::Watcher watcher_;
  jobs::Ledger mosaic_ledger_;
  jobs::AgentBook mosaic_agents_;
  jobs::SpendGuard mosaic_guard_;
  mosaic::Client mosaic_;
  jobs::ClipWatcher clip_watcher_;
  jobs::OneAtATime mosaic_turns_;
  tools::MosaicServices mosaic_services_;
  jobs::Ledger motioness_ledger_;
  jobs::SpendGuard motioness_guard_;
  motioness::Client motioness_;
  tools::MotionessServices motioness_services_;
  tools::Approvals approvals_;
  tools::Services services_;
  std::unique_ptr<mcp::Server> server_;
};

}  // namespace motion_mcp::app
