#pragma once

#include <string>

#include "base/base64.h"

namespace motion_mcp::conformance {

// A PNG of one pixel.
inline std::string png() {
  return base::decode_base64(
             "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJR"
             "U5Erk"
             "Jggg==")
      .value();
}

// A WAV of no samples.
inline std::string wav() {
  return base::decode_base64("UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=")
      .value();
}

}  // namespace motion_mcp::conformance
