#pragma once

// Where and why a request failed, and what that means: whether the service may have taken it, and
// what the user can do.

#include <string>

#include "base/error.h"

namespace motion_mcp::net {

// How far the request came. Up to and including `sending`, it has not reached the service whole,
// so the service cannot have acted on it (RFC 9112 section 8).
enum class Phase { resolving, connecting, proxy, handshake, sending, receiving };

enum class Cause {
  broken,        // the other side, or the network
  timed_out,     // the limit of that phase
  deadline,      // the caller's limit for the whole request
  cancelled,     // the caller left
  too_large,     // more than we take
  sink_refused,  // the receiver of the body said no
};

struct Failure {
  Phase phase = Phase::receiving;
  Cause cause = Cause::broken;
  // Words of the system, of OpenSSL or of ours; may be empty.
  std::string reason = {};
  bool certificate_bad = false;
  int proxy_status = 0;  // what the proxy answered to CONNECT; 0 for nothing
};

struct Peer {
  std::string service;  // "host:port"
  std::string proxy;    // "host:port", empty for a direct connection
};

// cancelled for the caller's own doing, unreachable up to the end of the handshake and for a
// request that broke off while it was sent, interrupted otherwise: a deadline that ends `sending`
// is interrupted, for then nobody knows how much has left.
Error to_error(const Failure& failure, const Peer& peer);

}  // namespace motion_mcp::net
