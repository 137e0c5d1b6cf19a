#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/resource.h"

namespace motion_mcp::mcp {

// The resources of a server. Thread-safe after construction.
class ResourceRegistry {
 public:
  explicit ResourceRegistry(Resources resources);

  // Without any, the server has no resources at all: neither the capability nor the methods.
  [[nodiscard]] bool empty() const { return resources_.empty(); }

  struct Found {
    const ResourceReader& read;
    const CacheHint& cache;
    UriVariables variables;
  };
  [[nodiscard]] std::optional<Found> find(std::string_view uri) const;

  struct FoundTemplate {
    const Completer& complete;
    const std::vector<std::string>& variables;
  };
  // By the text of the template itself.
  [[nodiscard]] std::optional<FoundTemplate> find_template(std::string_view text) const;

  // The JSON arrays of definitions, on one line.
  [[nodiscard]] const std::string& listing() const { return listing_; }
  [[nodiscard]] const std::string& template_listing() const { return template_listing_; }

 private:
  struct Places {
    std::vector<std::string> uris;                               // of resources_.fixed
    std::vector<std::pair<std::string, UriTemplate>> templates;  // of resources_.templates
  };
  // Read at the first request, because most processes never serve one.
  const Places& places() const;

  const Resources resources_;
  std::string listing_;
  std::string template_listing_;
  mutable std::once_flag once_;
  mutable Places places_;
};

}  // namespace motion_mcp::mcp
