#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "transport/http_service.h"

namespace motion_mcp::transport {

// What operators and their machines ask: /healthz (the process answers), /readyz (it takes calls),
// /metrics (Prometheus). Asks nothing of the service behind. For an address of its own that the
// world cannot reach: nobody is asked who he is.
class HttpAdmin final : public HttpService {
 public:
  struct Sources {
    std::function<bool()> is_ready;
    std::function<std::string()> metrics;  // in Prometheus' text format
  };

  explicit HttpAdmin(Sources sources);

  [[nodiscard]] bool owns(std::string_view path) const override;
  [[nodiscard]] std::optional<HttpReply> refuse(const HttpRequest& head) const override;
  [[nodiscard]] HttpAnswer serve(const HttpRequest& request) const override;

 private:
  const Sources sources_;
};

}  // namespace motion_mcp::transport
