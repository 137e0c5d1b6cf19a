#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "mcp/reply.h"
#include "mcp/server.h"

namespace motion_mcp::mcp {

// Read-only work that ends in the reply of `produce(id, context)`, or, when that throws, in an
// internal error without its words. `method` must outlive the work: a literal.
template <class Produce>
Work read_only_work(jsonrpc::Id id, std::string_view method, Produce produce) {
  auto run = [id, method, produce = std::move(produce)](const RunContext& context) {
    try {
      return produce(id, context);
    } catch (const std::exception& fault) {
      base::log_error(std::string(method) + " failed: " + fault.what());
    } catch (...) {
      base::log_error(std::string(method) + " failed with an unknown exception");
    }
    return error_reply(id, jsonrpc::Code::internal_error,
                       "Internal error in " + std::string(method));
  };
  return Work{std::move(id), std::move(run), /*is_read_only=*/true};
}

}  // namespace motion_mcp::mcp
