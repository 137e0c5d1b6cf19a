// The kind of an error decides whether money may be spent again: tries every place where a request
// can break.
#include "net/failure.h"

#include <doctest/doctest.h>

#include <array>

using namespace motion_mcp;
using net::Cause;
using net::Failure;
using net::Peer;
using net::Phase;
using net::to_error;

namespace {

const Peer kDirect{"api.motion.so:443", ""};
const Peer kProxied{"api.motion.so:443", "proxy.corp:3128"};
constexpr std::array kCauses = {Cause::broken, Cause::timed_out, Cause::deadline, Cause::too_large};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("until the handshake is done nothing was sent, after it something may have been") {
  for (const Cause cause : kCauses) {
    for (const Phase phase :
         {Phase::resolving, Phase::connecting, Phase::proxy, Phase::handshake}) {
      CHECK(to_error({phase, cause}, kDirect).kind == ErrorKind::unreachable);
      CHECK_FALSE(to_error({phase, cause}, kDirect).next_step.empty());
    }
    CHECK(to_error({Phase::receiving, cause}, kDirect).kind == ErrorKind::interrupted);
  }
}

TEST_CASE("a request that could not be sent whole was not taken, unless we stopped sending it") {
  CHECK(to_error({Phase::sending, Cause::broken}, kDirect).kind == ErrorKind::unreachable);
  CHECK(to_error({Phase::sending, Cause::deadline}, kDirect).kind == ErrorKind::interrupted);
}

TEST_CASE("the caller's own doing is cancelled, in every phase") {
  for (const Phase phase : {Phase::resolving, Phase::handshake, Phase::receiving}) {
    CHECK(to_error({phase, Cause::cancelled}, kDirect).kind == ErrorKind::cancelled);
  }
  CHECK(to_error({Phase::receiving, Cause::sink_refused}, kDirect).kind == ErrorKind::cancelled);
}

TEST_CASE("a message names who failed and the setting that helps") {
  const Error dns =
      to_error({Phase::resolving, Cause::broken, "Name or service not known"}, kDirect);
  CHECK(dns.message == "the name api.motion.so could not be resolved: Name or service not known");
  CHECK(contains(dns.next_step, "HTTPS_PROXY"));

  const Error proxy = to_error({Phase::connecting, Cause::timed_out}, kProxied);
  CHECK(proxy.message == "no connection to the proxy proxy.corp:3128 came about in time");
  CHECK(contains(proxy.next_step, "add api.motion.so to NO_PROXY"));

  Failure tls{Phase::handshake, Cause::broken, "unable to get local issuer certificate"};
  tls.certificate_bad = true;
  const Error certificate = to_error(tls, kDirect);
  CHECK(certificate.message ==
        "the certificate of api.motion.so:443 was refused: unable to get local issuer certificate");
  CHECK(contains(certificate.next_step, "--ca-file or SSL_CERT_FILE"));
}

TEST_CASE("words of others are bounded") {
  const Error error = to_error({Phase::handshake, Cause::broken, std::string(9000, 'x')}, kDirect);
  CHECK(error.message.size() < 400);
}
