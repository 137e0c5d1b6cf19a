#include "net/failure.h"

#include <utility>

#include "base/text.h"

namespace motion_mcp::net {
namespace {

constexpr std::size_t kReasonCharacters = 200;

ErrorKind kind_of(const Failure& failure) {
  if (failure.cause == Cause::cancelled || failure.cause == Cause::sink_refused) {
    return ErrorKind::cancelled;
  }
  if (failure.phase == Phase::receiving) return ErrorKind::interrupted;
  if (failure.phase == Phase::sending && failure.cause != Cause::broken) {
    return ErrorKind::interrupted;
  }
  return ErrorKind::unreachable;
}

bool ran_out_of_time(Cause cause) {
  return cause == Cause::timed_out || cause == Cause::deadline;
}

std::string name_without_port(const std::string& host_and_port) {
  return host_and_port.substr(0, host_and_port.rfind(':'));
}

std::string what_failed(const Failure& failure, const Peer& peer) {
  const bool late = ran_out_of_time(failure.cause);
  const std::string& next_hop = peer.proxy.empty() ? peer.service : peer.proxy;
  switch (failure.phase) {
    case Phase::resolving:
      return "the name " + name_without_port(next_hop) +
             (late ? " was not resolved in time" : " could not be resolved");
    case Phase::connecting:
      return std::string("no connection to ") + (peer.proxy.empty() ? "" : "the proxy ") +
             next_hop + (late ? " came about in time" : " could be made");
    case Phase::proxy:
      if (failure.proxy_status == 407) {
        return "the proxy " + peer.proxy + " wants a user name and password (407)";
      }
      return "the proxy " + peer.proxy + " opened no tunnel to " + peer.service +
             (failure.proxy_status > 0 ? " (status " + std::to_string(failure.proxy_status) + ")"
                                       : "");
    case Phase::handshake:
      return failure.certificate_bad ? "the certificate of " + peer.service + " was refused"
             : late                  ? "the TLS handshake with " + peer.service + " took too long"
                                     : "the TLS handshake with " + peer.service + " failed";
    case Phase::sending:
      return late ? "the request could not be sent to " + peer.service + " in time"
                  : "the connection to " + peer.service + " broke while the request was being sent";
    case Phase::receiving:
      break;
  }
  if (failure.cause == Cause::too_large) return "the answer of " + peer.service + " is too large";
  return late ? peer.service + " did not answer completely in time"
              : "the connection to " + peer.service + " broke before the answer was complete";
}

std::string what_to_do(const Failure& failure, const Peer& peer) {
  const std::string host = name_without_port(peer.service);
  switch (failure.phase) {
    case Phase::resolving:
    case Phase::connecting:
      if (peer.proxy.empty()) {
        return "Check the network connection and DNS; where only a proxy leads out, set "
               "HTTPS_PROXY.";
      }
      return "Check HTTPS_PROXY, or add " + host + " to NO_PROXY if it can be reached directly.";
    case Phase::proxy:
      if (failure.proxy_status == 407) {
        return "Set HTTPS_PROXY to http://user:password@" + peer.proxy + ", percent-encoded.";
      }
      return "Ask whoever runs the proxy to allow " + peer.service +
             ", or correct HTTPS_PROXY or "
             "NO_PROXY.";
    case Phase::handshake:
      if (failure.certificate_bad) {
        return "Check this machine's clock; where a company proxy or a private authority signs the "
               "certificate, name its PEM file with --ca-file or SSL_CERT_FILE.";
      }
      return peer.proxy.empty() ? "Check that nothing between here and " + peer.service +
                                      " intercepts TLS; if a proxy must be used, set HTTPS_PROXY."
                                : "Check HTTPS_PROXY, or add " + host + " to NO_PROXY.";
    case Phase::sending:
    case Phase::receiving:
      break;
  }
  return {};
}

}  // namespace

Error to_error(const Failure& failure, const Peer& peer) {
  Error error;
  error.kind = kind_of(failure);
  if (error.kind == ErrorKind::cancelled) {
    error.message = failure.cause == Cause::sink_refused
                        ? "the download from " + peer.service + " was given up by its receiver"
                        : "the request to " + peer.service + " was cancelled";
    return error;
  }
  error.message = what_failed(failure, peer);
  if (!failure.reason.empty()) {
    error.message += ": " + base::clip(failure.reason, kReasonCharacters);
  }
  error.next_step = what_to_do(failure, peer);
  return error;
}

}  // namespace motion_mcp::net
