#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/json_value.h"

namespace motion_mcp::fakes {

// tests/fixtures/vendor/<name>.json, as the vendor's pages have it.
inline std::string vendor_text(const std::string& name) {
  std::ifstream file(MOTION_MCP_SOURCE_DIR "/tests/fixtures/vendor/" + name + ".json");
  REQUIRE_MESSAGE(file.is_open(), name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline Json vendor_json(const std::string& name) {
  return Json::parse(vendor_text(name));
}

}  // namespace motion_mcp::fakes
