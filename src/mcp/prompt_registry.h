#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/prompt.h"

namespace motion_mcp::mcp {

struct RegisteredPrompt {
  std::string name;
  std::vector<std::string> arguments;  // all of them
  std::vector<std::string> required;   // those of them that a request must bring
  PromptMaker make;
  Completer complete;
};

// The prompts of a server, in the order of their registration. Thread-safe after construction.
class PromptRegistry {
 public:
  explicit PromptRegistry(std::vector<Prompt> prompts);

  // Without any, the server has no prompts at all: neither the capability nor the methods.
  [[nodiscard]] bool empty() const { return prompts_.empty(); }
  [[nodiscard]] const RegisteredPrompt* find(std::string_view name) const;
  // The JSON array of definitions, on one line.
  [[nodiscard]] const std::string& listing() const { return listing_; }

 private:
  const std::vector<Prompt> prompts_;
  const std::string listing_;
  // Read at the first request, because most processes never serve one.
  mutable std::once_flag once_;
  mutable std::vector<RegisteredPrompt> registered_;
};

}  // namespace motion_mcp::mcp
