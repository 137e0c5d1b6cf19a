// The server that the official conformance suite is run against: its fixtures on the product's own
// `mcp` and `transport` libraries.
//
//   conformance-server --listen 127.0.0.1:PORT     prints its URL and serves until it is stopped
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/seal_key_source.h"
#include "base/worker_pool.h"
#include "conformance/fixtures.h"
#include "transport/http_front.h"
#include "transport/http_listener.h"

using namespace motion_mcp;

namespace {

class Nobody final : public transport::HttpObserver {
  void served(const transport::HttpServed& /*unused*/) override {}
};

std::uint16_t port_of(int argc, char** argv) {
  const std::string_view prefix = "127.0.0.1:";
  const std::string_view flag = argc == 3 ? argv[1] : "";
  const std::string_view address = argc == 3 ? argv[2] : "";
  if (flag != "--listen" || !address.starts_with(prefix)) {
    std::cerr << "usage: conformance-server --listen 127.0.0.1:PORT\n";
    std::exit(2);
  }
  return static_cast<std::uint16_t>(std::atoi(address.data() + prefix.size()));
}

transport::HttpAccess open_to_all(std::uint16_t port) {
  const std::string at = ":" + std::to_string(port);
  // The suite sends no bearer; everybody is the one who has this key.
  return {{"127.0.0.1" + at, "localhost" + at},
          {"http://127.0.0.1" + at, "http://localhost" + at},
          "motion_conformance",
          ""};
}

}  // namespace

int main(int argc, char** argv) {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&ends, signal);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before there are threads, which inherit it

  const auto changes = std::make_shared<mcp::Changes>();
  mcp::Features features;
  for (auto tools : {conformance::plain_tools(changes), conformance::asking_tools(),
                     conformance::task_tools()}) {
    features.tools.insert(features.tools.end(), tools.begin(), tools.end());
  }
  features.resources = conformance::resources();
  features.prompts = conformance::prompts();
  features.has_logging = true;
  features.changes = changes;
  const mcp::Server server({"conformance-server", "Conformance", "1.0.0", "", "Fixtures only."},
                           std::move(features));

  transport::HttpListenerOptions options;
  options.port = port_of(argc, argv);
  base::WorkerPool pool({.threads = 64, .queued = 64});
  Nobody nobody;
  auto listener = transport::HttpListener::open(options, pool, nobody);
  if (!listener) {
    std::cerr << listener.error().message << "\n";
    return 1;
  }
  const base::Clock& clock = base::system_clock();
  transport::Admission admission({.paid_per_minute = 100'000}, clock);
  const transport::HttpFront front(
      server, open_to_all((*listener)->port()), admission,
      std::make_shared<const base::SealKeys>(base::new_seal_keys()),
      std::make_shared<transport::KeptSessions>(transport::KeptSessions::Limits{}, clock));
  (*listener)->serve(front);
  std::cout << "http://127.0.0.1:" << (*listener)->port() << "/mcp" << std::endl;

  int signal = 0;
  sigwait(&ends, &signal);
  const auto deadline = clock.now() + std::chrono::seconds(2);
  (*listener)->drain(deadline, deadline);
  return 0;
}
