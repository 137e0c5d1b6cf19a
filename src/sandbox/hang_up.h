#pragma once

namespace motion_mcp::sandbox {

// Shuts down every connection of this process whose own port is `port`. httplib tells nobody which
// sockets it accepted, and before version 0.18.1 its stop() waits until idle ones time out.
void hang_up(int port);

}  // namespace motion_mcp::sandbox
