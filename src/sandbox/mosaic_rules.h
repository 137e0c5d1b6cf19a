#pragma once

// What the sandbox's Mosaic says about a body that breaks the rules of the vendor's pages.

#include <optional>

#include "base/json_value.h"
#include "sandbox/http.h"

namespace motion_mcp::sandbox {

// The Video Generation node (seed 004, "API Info").
inline constexpr std::string_view kMosaicVideoNode = "a2eb3ec2-da7a-4f97-94d2-a9a537548522";

// {detail, error}: the shape of every refusal.
Reply mosaic_error(int status, std::string_view code, const std::string& detail);

// The refusal, or nullopt for a body that is good.
std::optional<Reply> refuse_create(const Json& body);
std::optional<Reply> refuse_update(const Json& body);
std::optional<Reply> refuse_run(const Json& body);
// Of a Video Generation node (seed 004, "Node params"). `is_whole`: the prompt must be there.
std::optional<Reply> refuse_params(const Json& params, bool is_whole);

}  // namespace motion_mcp::sandbox
