#include "app/flags.h"

#include <algorithm>

namespace motion_mcp::app {
namespace {

template <class... Names>
constexpr unsigned in(Names... names) {
  return ((1U << static_cast<unsigned>(names)) | ...);
}

using enum CommandName;
constexpr unsigned kServing = in(stdio, http, call, tools, print_config);
constexpr unsigned kSpending = in(stdio, http, call, print_config);
constexpr unsigned kEverywhere = kServing | in(doctor, sandbox);

}  // namespace

const std::array<Flag, 48> kFlags = {{
    {"sandbox", "",
     "talk to an offline Motion API inside this process: no key, no network, no credits",
     kServing | in(doctor)},
    {"speed", "N", "how many times faster than the real service the sandbox works (default 100)",
     in(stdio, http, call, print_config, sandbox)},
    {"api-base-url", "URL", "where the Motion API is (default https://api.motion.so/api/motion)",
     kServing | in(doctor)},
    {"media-origin", "LIST",
     "where videos come from, for hosts that show them (default https://storage.googleapis.com)",
     in(stdio, http, print_config)},
    {"ca-file", "FILE", "PEM file of the certificate authorities to trust instead of the system's",
     kServing | in(doctor)},
    {"toolsets", "LIST",
     "the toolsets to serve, separated by commas (default motion,library, and mosaic and motioness "
     "for who has a key for them)",
     kServing},
    {"read-only", "", "hide the tools that spend credits or write", kServing},
    {"ledger", "off|PATH",
     "where the history of paid requests lies, or off (default ledger.db in the data folder)",
     kSpending | in(doctor)},
    {"ledger-prompts", "on|off",
     "whether the history keeps the first 200 characters of prompts (default on)", kSpending},
    {"duplicate-window", "SECONDS",
     "how long the same arguments are answered with the job they started; 0 is never (default 600)",
     kSpending},
    {"max-jobs-per-hour", "N", "how many jobs a key may order in an hour (default no ceiling)",
     kSpending},
    {"max-jobs-per-day", "N", "how many in 24 hours (default no ceiling)", kSpending},
    {"max-jobs-in-flight", "N", "how many that have not ended (default no ceiling)", kSpending},
    {"confirm", "never|always",
     "whether a person is asked before credits are spent, by the client or the agent (default "
     "never)",
     kSpending},
    {"output-dir", "DIR",
     "where download_video saves, an absolute path (default videos in the data folder)",
     in(stdio, call, print_config, doctor)},
    {"max-download-bytes", "N", "the largest file that is downloaded (default 2147483648)",
     in(stdio, call, print_config)},
    {"max-wait", "SECONDS", "the longest that one get_video_status may wait (default 50)",
     kServing},
    {"log-level", "LEVEL", "debug, info, warning, error or off, on stderr (default warning)",
     kEverywhere},
    {"listen", "HOST:PORT",
     "address to serve on; port 0 takes a free one (default 127.0.0.1:8391, sandbox 127.0.0.1:0)",
     in(http, sandbox)},
    {"public-url", "URL", "where callers reach this server, when a proxy stands before it",
     in(http)},
    {"allowed-host", "LIST",
     "further names that callers may reach this server by; one without a port goes with any",
     in(http)},
    {"allowed-origin", "LIST", "web pages that may call, such as https://claude.ai", in(http)},
    {"shared-key", "",
     "let callers without a Motion key of their own use the server's; needs an endpoint token "
     "unless bound to loopback",
     in(http)},
    {"endpoint-token-file", "FILE",
     "file with the bearer token that such callers must show, when MOTION_ENDPOINT_TOKEN is not "
     "set",
     in(http)},
    {"oauth", "",
     "let clients authorize in the browser, where each user gives a Motion key once; needs an "
     "https --public-url unless bound to loopback. With doctor: examine that at URL",
     in(http, doctor)},
    {"oauth-client-host", "LIST",
     "where hosts of clients' metadata documents are that the public internet does not lead to: "
     "HOST=ADDRESS:PORT",
     in(http)},
    {"oauth-store", "memory|PATH",
     "where it is remembered which authorizations were used up or ended (default oauth.db in the "
     "data folder)",
     in(http)},
    {"tls-cert", "FILE", "PEM certificate chain: serve HTTPS", in(http)},
    {"tls-key", "FILE", "PEM private key of that certificate", in(http)},
    {"trust-proxy", "LIST", "address ranges of proxies whose X-Forwarded-For is believed",
     in(http)},
    {"seal-key-file", "FILE",
     "keys that seal task ids, sessions and, with --oauth, logins and client ids, the same for all "
     "replicas; an absolute path (default seal.key in the data folder, made at first use)",
     in(stdio, http, print_config)},
    {"admin-listen", "HOST:PORT", "address for /healthz, /readyz and /metrics (default none)",
     in(http)},
    {"access-log", "on|off", "one JSON line per request on stderr (default on)", in(http)},
    {"drain", "SECONDS", "how long calls under way may take after SIGTERM (default 10)", in(http)},
    {"max-body-bytes", "N", "largest request body (default 1048576)", in(http)},
    {"max-header-bytes", "N", "largest request line and headers (default 16384)", in(http)},
    {"max-headers", "N", "most headers in a request (default 100)", in(http)},
    {"max-connections", "N", "most open connections (default 4096)", in(http)},
    {"max-streams", "N", "most open event streams; more calls go without progress (default 2048)",
     in(http)},
    {"max-in-flight", "N", "most calls under way (default 2000)", in(http)},
    {"max-in-flight-per-caller", "N", "most calls under way for one key (default 200)", in(http)},
    {"max-paid-per-minute", "N", "most calls that spend credits, per key and minute (default 30)",
     in(http)},
    {"request-timeout", "SECONDS", "longest time for a request to arrive (default 10)", in(http)},
    {"idle-timeout", "SECONDS", "longest silence between two requests (default 75)", in(http)},
    {"stall-timeout", "SECONDS", "longest time in which a client takes nothing (default 10)",
     in(http)},
    {"wait", "", "wait until the video is ready or has failed", in(call)},
    {"output", "FILE", "save the finished video there; implies --wait", in(call)},
    {"json", "", "print one JSON document instead of text", in(call, tools, doctor)},
}};

const Flag* find_flag(std::string_view name) {
  const auto* found = std::find_if(kFlags.begin(), kFlags.end(),
                                   [&](const Flag& flag) { return flag.name == name; });
  return found == kFlags.end() ? nullptr : found;
}

std::string environment_twin(std::string_view flag_name) {
  std::string twin = "MOTION_";
  for (const char c : flag_name) {
    const bool is_lower = c >= 'a' && c <= 'z';
    twin += c == '-' ? '_' : is_lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return twin;
}

}  // namespace motion_mcp::app
