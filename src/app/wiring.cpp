#include "app/wiring.h"

#include <algorithm>
#include <set>
#include <utility>

#include "app/further_services.h"
#include "app/seal_keys.h"
#include "base/clock.h"
#include "mcp/tool.h"
#include "net/httplib_client.h"
#include "tools/instructions.h"
#include "tools/job_resources.h"
#include "tools/video_card.h"

namespace motion_mcp::app {
namespace {

// Any key will do for the sandbox; the real one is never given to it.
constexpr const char* kSandboxKey = "motion_sandbox";

Error unknown_toolset(const std::string& name, const std::set<std::string_view>& known) {
  std::string message = "there is no toolset \"" + name + "\"; the toolsets are ";
  std::string list;
  for (const std::string_view toolset : known)
    list += (list.empty() ? "" : ", ") + std::string(toolset);
  return Error{ErrorKind::invalid_argument, message + list};
}

mcp::ServerInfo server_info(const Config& config, std::span<const tools::Entry> enabled) {
  return {.name = "motion-mcp",
          .title = "Motion",
          .version = std::string(kVersion),
          .website_url = "https://motion.so",
          .instructions = tools::compose_instructions(enabled, config.max_wait),
          .further_instructions = tools::further_instructions(enabled, config.max_wait)};
}

net::HttplibClient::Options http_options(const Config& config) {
  net::HttplibClient::Options options;
  options.user_agent = "motion-mcp/" + std::string(kVersion);
  options.ca_file = config.ca_file;
  options.ca_dir = config.ca_dir;
  options.https_proxy = config.https_proxy;
  options.no_proxy = config.no_proxy;
  return options;
}

// An empty path is a ledger in memory.
jobs::Ledger::Options ledger_options(const Config& config, const std::string& path) {
  jobs::Ledger::Options options;
  if (!path.empty()) options.path = path;
  options.keep_prompts = config.ledger_keeps_prompts;
  return options;
}

// The sandbox's history is in memory and whole; without a file there is otherwise none to show.
bool keeps_history(const Config& config) {
  return config.sandbox || !config.ledger_path.empty();
}

std::vector<std::string> media_origins(const Config& config, const sandbox::Server* sandbox) {
  return sandbox != nullptr ? std::vector{sandbox->origin()} : config.media_origins;
}

tools::Downloads downloads_for(const Config& config, net::HttpClient& http, jobs::Ledger& ledger) {
  return {&http, &ledger, config.output_dir, config.max_download_bytes};
}

std::vector<mcp::Tool> make_tools(std::span<const tools::Entry> enabled,
                                  const tools::Services& services) {
  std::vector<mcp::Tool> tools;
  for (const tools::Entry& entry : enabled) {
    tools.push_back(
        {entry.definition, entry.make(services), std::string(tools::credential_of(entry.toolset))});
  }
  return tools;
}

// The secret signs for who started this program, and for nobody else; the sandbox's project of that
// caller allows origins.
tools::MotionessServices motioness_services(const Config& config, Audience audience,
                                            tools::MotionessServices services) {
  if (audience == Audience::remote || config.sandbox) return services;
  services.signing_secret = config.motioness_signing_secret.value;
  services.secret_problem = config.motioness_signing_secret.problem;
  return services;
}

// Why there is no key is for who started this program: it names files.
motion::Client::Options motion_options(const Config& config, Audience audience,
                                       const std::string& base_url) {
  motion::Client::Options options{.base_url = base_url};
  if (audience == Audience::local && !config.sandbox) options.no_key = config.api_key.problem;
  return options;
}

// The caller who started this program; over HTTP each brings keys of its own.
mcp::Caller own_caller(const Config& config, Audience audience) {
  mcp::Caller caller{config.sandbox ? kSandboxKey : config.api_key.value};
  if (audience == Audience::local) caller.further = own_credentials(config);
  return caller;
}

bool is_on(std::string_view toolset, Audience audience, const mcp::Caller& own) {
  const bool has_callers_of_its_own = audience == Audience::remote;
  return tools::credential_of(toolset).empty() || has_callers_of_its_own ||
         !own.key(toolset).empty();
}

}  // namespace

const std::string_view kVersion = MOTION_MCP_VERSION;

Result<std::vector<tools::Entry>> enabled_tools(const Config& config, Audience audience) {
  std::set<std::string_view> known;
  for (const tools::Entry& entry : tools::all_tools()) known.insert(entry.toolset);
  for (const FurtherService& service : further_services()) known.insert(service.name);
  for (const std::string& wanted : config.toolsets) {
    if (!known.contains(wanted)) return unknown_toolset(wanted, known);
  }
  const mcp::Caller own = own_caller(config, audience);
  std::vector<tools::Entry> enabled;
  for (const tools::Entry& entry : tools::all_tools()) {
    const bool is_wanted = std::find(config.toolsets.begin(), config.toolsets.end(),
                                     entry.toolset) != config.toolsets.end();
    const bool may_be =
        (entry.read_only || !config.read_only) && (audience == Audience::local || !entry.is_local);
    if (is_wanted && may_be && is_on(entry.toolset, audience, own)) enabled.push_back(entry);
  }
  return enabled;
}

Program::Program(const Config& config, Audience audience, std::span<const tools::Entry> enabled,
                 std::unique_ptr<sandbox::Server> sandbox,
                 std::shared_ptr<const base::SealKeySource> seal_keys)
    : sandbox_(std::move(sandbox)),
      api_base_url_(sandbox_ ? sandbox_->api_base_url() : config.api_base_url),
      mosaic_base_url_(sandbox_ ? sandbox_->mosaic_base_url() : config.mosaic_base_url),
      motioness_base_url_(sandbox_ ? sandbox_->motioness_base_url() : config.motioness_base_url),
      caller_(own_caller(config, audience)),
      http_(std::make_unique<UpstreamMeter>(
          std::make_unique<net::HttplibClient>(http_options(config)))),
      ledger_(ledger_options(config, config.ledger_path), base::system_clock()),
      baselines_(&ledger_),
      guard_(ledger_, base::system_clock(), config.spending),
      motion_(*http_, base::system_clock(), motion_options(config, audience, api_base_url_)),
      watcher_(motion_, baselines_, base::system_clock(), {}),
      mosaic_ledger_(ledger_options(config, config.mosaic_ledger_path), base::system_clock()),
      mosaic_agents_(ledger_options(config, config.mosaic_ledger_path).path),
      mosaic_guard_(mosaic_ledger_, base::system_clock(), config.spending),
      mosaic_(*http_, base::system_clock(), {.base_url = mosaic_base_url_}),
      clip_watcher_(mosaic_, mosaic_ledger_, base::system_clock(), {}),
      mosaic_services_{mosaic_,        mosaic_guard_,  clip_watcher_,
                       mosaic_agents_, mosaic_ledger_, mosaic_turns_},
      motioness_ledger_(ledger_options(config, config.motioness_ledger_path), base::system_clock()),
      motioness_guard_(motioness_ledger_, base::system_clock(), config.spending),
      motioness_(*http_, base::system_clock()),
      motioness_services_(motioness_services(config, audience,
                                             {motioness_, motioness_guard_, motioness_base_url_})),
      approvals_(config.confirm, seal_keys, base::system_clock()),
      services_{motion_,
                baselines_,
                base::system_clock(),
                guard_,
                watcher_,
                approvals_,
                config.max_wait,
                keeps_history(config) ? &ledger_ : nullptr,
                downloads_for(config, *http_, ledger_),
                &mosaic_services_,
                &motioness_services_},
      server_(std::make_unique<mcp::Server>(
          server_info(config, enabled),
          mcp::Features{make_tools(enabled, services_),
                        tools::make_job_resources(enabled, services_),
                        tools::make_video_card(enabled, media_origins(config, sandbox_.get()))},
          std::move(seal_keys))) {}

Result<std::unique_ptr<Program>> Program::make(
    const Config& config, Audience audience,
    const std::shared_ptr<const base::SealKeySource>& seal_keys) {
  const std::vector<tools::Entry> enabled = TRY(enabled_tools(config, audience));
  std::unique_ptr<sandbox::Server> sandbox;
  if (config.sandbox) sandbox = TRY(sandbox::Server::start({.speed = config.speed}));
  return std::unique_ptr<Program>(
      new Program(config, audience, enabled, std::move(sandbox),
                  seal_keys ? seal_keys : seal_keys_at_first_use(config)));
}

}  // namespace motion_mcp::app
