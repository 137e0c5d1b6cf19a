#pragma once

#include <stop_token>
#include <string_view>

#include "auth/client.h"
#include "base/result.h"

namespace motion_mcp::auth {

// Where clients are found. Thread-safe.
class ClientSource {
 public:
  virtual ~ClientSource() = default;

  // Whether a client_id is of the kind that this source knows; says nothing about whether there is
  // such a client. Never blocks.
  [[nodiscard]] virtual bool knows_kind(std::string_view client_id) const = 0;

  // The client of this id. May block, for at most ten seconds. invalid_argument when there is no
  // such client or what describes it is not acceptable, unavailable when it cannot be known just
  // now. The message is shown to a person and says what is wrong with the client.
  [[nodiscard]] virtual Result<Client> find(std::string_view client_id,
                                            const std::stop_token& stop) const = 0;
};

}  // namespace motion_mcp::auth
