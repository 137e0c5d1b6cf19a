#include "app/further_services.h"

#include <algorithm>
#include <array>

#include "tools/credentials.h"
#include "tools/tool_table.h"

namespace motion_mcp::app {
namespace {

constexpr std::array<FurtherService, 2> kServices = {{
    {tools::kMosaicCredential, "MOSAIC_API_KEY", "X-Mosaic-Api-Key", "mk_sandbox",
     &Config::mosaic_key, "mosaic-ledger", &Config::mosaic_ledger_path},
    {tools::kMotionessCredential, "MOTIONESS_PROJECT_KEY", "X-Motioness-Project-Key", "pk_sandbox",
     &Config::motioness_project_key, "motioness-ledger", &Config::motioness_ledger_path},
}};

bool is_wanted(const Config& config, std::string_view toolset) {
  return std::find(config.toolsets.begin(), config.toolsets.end(), toolset) !=
         config.toolsets.end();
}

}  // namespace

std::span<const FurtherService> further_services() {
  return kServices;
}

std::map<std::string, std::string, std::less<>> own_credentials(const Config& config) {
  std::map<std::string, std::string, std::less<>> credentials;
  for (const FurtherService& service : kServices) {
    const std::string& key = (config.*service.key).value;
    const bool is_named_in_sandbox = config.sandbox && config.toolsets_were_given;
    if (!is_wanted(config, service.name) || (key.empty() && !is_named_in_sandbox)) continue;
    credentials.emplace(service.name, config.sandbox ? std::string(service.sandbox_key) : key);
  }
  return credentials;
}

std::optional<Error> missing_key(std::string_view tool, const Config& config,
                                 const mcp::Caller& caller) {
  for (const tools::Entry& entry : tools::all_tools()) {
    const std::string_view credential = tools::credential_of(entry.toolset);
    if (entry.name != tool || credential.empty() || !caller.key(credential).empty()) continue;
    for (const FurtherService& service : kServices) {
      if (service.name != credential) continue;
      if (const auto& problem = (config.*service.key).problem) return problem;
      const std::string variable(service.key_variable);
      return Error{ErrorKind::no_credential, std::string(tool) + " needs " + variable,
                   "Set " + variable + " or " + variable + "_FILE; --sandbox --toolsets " +
                       std::string(credential) + " tries it without a key."};
    }
  }
  return std::nullopt;
}

std::vector<transport::CredentialHeader> credential_headers() {
  std::vector<transport::CredentialHeader> headers;
  for (const FurtherService& service : kServices) {
    headers.push_back({std::string(service.header), std::string(service.name)});
  }
  return headers;
}

std::vector<std::string> key_warnings(const Config& config) {
  std::vector<std::string> warnings;
  if (config.sandbox) return warnings;
  for (const FurtherService& service : kServices) {
    const ApiKey& key = config.*service.key;
    if (!is_wanted(config, service.name)) continue;
    const std::string toolset = "the toolset " + std::string(service.name);
    if (key.problem) {
      warnings.push_back(key.problem->message + ": " + toolset + " cannot work");
    } else if (key.value.empty() && config.toolsets_were_given) {
      warnings.push_back(toolset + " is not served: " + std::string(service.key_variable) +
                         " is not set");
    }
  }
  return warnings;
}

std::vector<std::string> unused_key_warnings(const Config& config) {
  std::vector<std::string> warnings;
  for (const FurtherService& service : kServices) {
    if ((config.*service.key).value.empty()) continue;
    warnings.push_back(std::string(service.key_variable) +
                       " is not used over HTTP: callers bring their own in " +
                       std::string(service.header));
  }
  return warnings;
}

}  // namespace motion_mcp::app
