#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::base {

// Makes every later redact() hide `secret`. Secrets shorter than 8 bytes are ignored: hiding them
// would only garble the text around them. Thread-safe; a secret is kept once, however often added.
void add_secret(std::string_view secret);

// `text` with the known secrets, anything shaped like a Motion, Mosaic or bearer key, and the query
// strings of URLs that carry a signature replaced by "[redacted]". Thread-safe.
std::string redact(std::string_view text);

}  // namespace motion_mcp::base
