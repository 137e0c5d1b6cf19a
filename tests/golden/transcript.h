#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace motion_mcp::golden {

enum class Over { stdio, http };

// A script, and who plays it.
struct Session {
  std::string_view script;
  // The further keys of the caller (mcp::Caller).
  std::map<std::string, std::string, std::less<>> keys = {};
  Over over = Over::stdio;
};

// Plays the script (its commands are described at the top of session.txt) to a server with the
// Motion tools, in the given protocol version, and returns what went both ways: "-> " what the
// client sent, "<- " what came back, "** " what the API was asked and answered. Same input, same
// text. Fails the running test when the script is wrong or an answer does not come.
std::string play(const Session& session, std::string_view version);

}  // namespace motion_mcp::golden
