// http-bench: asks an MCP server over HTTP, many callers at a time, checks every answer, and prints
// its figures as one JSON object.
//   http-bench MODE --url URL [--era legacy|modern] [--connections N] [--seconds S]
//              [--initialize no] [--bearers each|one] [--api URL] [--server PID]
// Modes: refused (a call that the tool's schema refuses), list (tools/list), status (a call that
// the server hands on to the Motion API at --api), get (the same GET without a server between; URL
// is the API), burst (N connections opened at once while 64 others ask), idle (N connections that
// ask nothing), sample (prints the answer to one `--call`), waiters (N callers who wait for --jobs
// jobs; --memory is the file that tells what the server's cgroup uses).

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "bench/give_up.h"
#include "bench/http_load.h"
#include "bench/http_requests.h"
#include "bench/http_waiters.h"
#include "bench/process_figures.h"
#include "bench/sandbox_jobs.h"

namespace motion_mcp::bench {
namespace {

using std::chrono::duration;

constexpr std::size_t kLoadConnections = 64;

struct Options {
  std::string mode;
  std::string call = "refused";
  std::string url;
  std::string api;
  bool is_modern = false;
  bool has_one_bearer = false;
  bool opens_sessions = true;
  std::size_t connections = 64;
  double seconds = 3;
  pid_t server = 0;
  std::size_t jobs = 200;
  std::string memory_file;
};

Clock::time_point after(double seconds) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(duration<double>(seconds));
}

double percentile(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[at]) / 1e3;
}

Json to_json(Figures figures) {
  std::sort(figures.latencies_us.begin(), figures.latencies_us.end());
  return {{"answers", figures.answers},
          {"errors", figures.errors},
          {"first_error", figures.first_error},
          {"p50_ms", percentile(figures.latencies_us, 0.5)},
          {"p99_ms", percentile(figures.latencies_us, 0.99)},
          {"worst_ms", percentile(figures.latencies_us, 1)}};
}

// What goes wrong outside the time that is counted counts too.
void add_errors(const Figures& from, Figures& to) {
  to.errors += from.errors;
  if (to.first_error.empty()) to.first_error = from.first_error;
}

class Bench {
 public:
  explicit Bench(const Options& options)
      : options_(options), endpoint_(parse_endpoint(options.url)) {}

  Json run() {
    if (options_.mode == "burst") return burst();
    if (options_.mode == "idle") return idle();
    if (options_.mode == "sample") return sample();
    if (options_.mode == "waiters") return waiters();
    return rate(group(options_.mode, options_.connections));
  }

 private:
  [[nodiscard]] Speaker speaker(std::size_t i, const std::string& session) const {
    const std::size_t number = options_.has_one_bearer ? 0 : i;
    return {options_.is_modern, endpoint_.authority, endpoint_.path, bench_key(number), session};
  }

  // One for each connection.
  [[nodiscard]] std::vector<std::string> endless_jobs(const std::string& api,
                                                      std::size_t count) const {
    return make_jobs(api, count, "sandbox:stuck http-bench", options_.has_one_bearer);
  }

  [[nodiscard]] Group group(const std::string& what, std::size_t connections) const {
    Group group;
    group.endpoint = endpoint_;
    group.connections = connections;
    if (!options_.is_modern && options_.opens_sessions && what != "get") {
      group.opening = {
          [this](std::size_t i, const std::string&) { return initialize(speaker(i, {})); },
          [this](std::size_t i, const std::string& session) {
            return initialized(speaker(i, session));
          }};
    }
    if (what == "list") {
      group.ask = [this](std::size_t i, const std::string& session) {
        return list_tools(speaker(i, session));
      };
    } else if (what == "refused") {
      group.ask = [this](std::size_t i, const std::string& session) {
        Ask ask = call_status_tool(speaker(i, session), R"({"job_id":1})");
        ask.signs = {R"("isError":true)", "job_id"};
        return ask;
      };
    } else if (what == "status") {
      group.ask = [this, jobs = endless_jobs(options_.api, connections)](
                      std::size_t i, const std::string& session) {
        Ask ask = call_status_tool(speaker(i, session), R"({"job_id":")" + jobs[i] + "\"}");
        ask.signs = {R"("job_id":")" + jobs[i] + "\"", R"("ready":false)"};
        return ask;
      };
    } else if (what == "get") {
      group.ask = [this, jobs = endless_jobs(options_.url, connections)](std::size_t i,
                                                                         const std::string&) {
        return get_job(speaker(i, {}), jobs[i]);
      };
    } else {
      give_up("there is no mode " + what);
    }
    return group;
  }

  void add_server_figures(Json& figures) const {
    if (options_.server == 0) return;
    figures["resident_mib"] = static_cast<double>(resident_kib(options_.server)) / 1024;
  }

  // As fast as it goes, after a round that is not counted, in which a server compiles what it
  // compiles late.
  Json rate(const Group& asked) {
    HttpLoad load;
    const std::size_t group = load.add(asked);
    load.run([&] { return load.is_settled(group); }, Clock::now() + kPatience);
    const auto never = [] { return false; };
    load.run(never, after(options_.seconds / 3));
    const Figures warm = load.take_figures(group);

    const double processor = options_.server == 0 ? 0 : processor_seconds(options_.server);
    const auto began = Clock::now();
    load.run(never, after(options_.seconds));
    const double took = duration<double>(Clock::now() - began).count();
    const double used = options_.server == 0 ? 0 : processor_seconds(options_.server) - processor;
    Figures counted = load.take_figures(group);
    const auto count = static_cast<double>(counted.answers);
    load.finish(group, Clock::now() + kPatience);
    add_errors(warm, counted);
    add_errors(load.take_figures(group), counted);
    Json figures = to_json(std::move(counted));
    figures["connections"] = asked.connections;
    figures["connections_answered"] = load.answered(group);
    figures["per_second"] = count / took;
    figures["processor_us_each"] = used * 1e6 / std::max(count, 1.0);
    add_server_figures(figures);
    return figures;
  }

  // Many connections at once while others ask. Each time is from connect() to the answer.
  Json burst() {
    HttpLoad load;
    const std::size_t busy = load.add(group(options_.call, kLoadConnections));
    load.run([&] { return load.is_settled(busy); }, Clock::now() + kPatience);
    load.take_figures(busy);
    Group newcomers = group(options_.call, options_.connections);
    newcomers.opening.clear();
    newcomers.asks_once = true;
    const std::size_t burst = load.add(std::move(newcomers));
    load.run([&] { return load.is_settled(burst); }, Clock::now() + kPatience);
    load.finish(burst, Clock::now());
    Json figures = to_json(load.take_figures(burst));
    figures["connections"] = options_.connections;
    figures["connections_answered"] = load.answered(burst);
    figures["load"] = to_json(load.take_figures(busy));
    load.finish(busy, Clock::now() + kPatience);
    return figures;
  }

  // What connections cost that ask nothing, and whether they still work after it.
  Json idle() {
    if (options_.server == 0) give_up("idle needs --server");
    HttpLoad load;
    Group asked = group(options_.call, options_.connections);
    asked.opening.clear();
    asked.asks_once = true;
    const double resident_before = static_cast<double>(resident_kib(options_.server));
    const std::size_t group = load.add(std::move(asked));
    const auto are_answered = [&] { return load.is_settled(group); };
    load.run(are_answered, Clock::now() + kPatience);
    Json figures = to_json(load.take_figures(group));

    const double processor = processor_seconds(options_.server);
    load.run([] { return false; }, after(options_.seconds));
    const double used = processor_seconds(options_.server) - processor;
    figures["core_percent"] = used / options_.seconds * 100;
    figures["resident_kib_each"] =
        (static_cast<double>(resident_kib(options_.server)) - resident_before) /
        static_cast<double>(options_.connections);
    load.ask_again(group);
    load.run(are_answered, Clock::now() + kPatience);
    figures["connections"] = options_.connections;
    figures["connections_answered"] = load.answered(group);
    figures["again"] = to_json(load.take_figures(group));
    return figures;
  }

  [[nodiscard]] Json waiters() const {
    if (options_.server == 0) give_up("waiters needs --server");
    return measure_waiters({.url = options_.url,
                            .api = options_.api,
                            .is_modern = options_.is_modern,
                            .callers = options_.connections,
                            .jobs = options_.jobs,
                            .server = options_.server,
                            .memory_file = options_.memory_file});
  }

  Json sample() {
    HttpLoad load;
    Group asked = group(options_.call, 1);
    asked.opening.clear();
    asked.asks_once = true;
    Json figures;
    asked.on_answer = [&](std::size_t, std::string_view body) { figures["body"] = body; };
    const std::size_t group = load.add(std::move(asked));
    load.run([&] { return load.is_settled(group); }, Clock::now() + kPatience);
    if (!figures.contains("body")) give_up(load.take_figures(group).first_error);
    return figures;
  }

  const Options options_;
  const Endpoint endpoint_;
};

Options read_options(int argc, char** argv) {
  if (argc < 2) give_up("the mode is missing");
  Options options;
  options.mode = argv[1];
  const std::map<std::string_view, std::function<void(const std::string&)>> known = {
      {"--url", [&](const std::string& value) { options.url = value; }},
      {"--api", [&](const std::string& value) { options.api = value; }},
      {"--call", [&](const std::string& value) { options.call = value; }},
      {"--era", [&](const std::string& value) { options.is_modern = value == "modern"; }},
      {"--initialize", [&](const std::string& value) { options.opens_sessions = value != "no"; }},
      {"--bearers", [&](const std::string& value) { options.has_one_bearer = value == "one"; }},
      {"--connections", [&](const std::string& value) { options.connections = std::stoul(value); }},
      {"--seconds", [&](const std::string& value) { options.seconds = std::stod(value); }},
      {"--jobs", [&](const std::string& value) { options.jobs = std::stoul(value); }},
      {"--memory", [&](const std::string& value) { options.memory_file = value; }},
      {"--server", [&](const std::string& value) { options.server = std::stoi(value); }}};
  for (int at = 2; at < argc; at += 2) {
    const auto option = known.find(argv[at]);
    if (option == known.end() || at + 1 == argc) give_up(std::string("what is ") + argv[at]);
    option->second(argv[at + 1]);
  }
  return options;
}

}  // namespace
}  // namespace motion_mcp::bench

int main(int argc, char** argv) {
  const auto figures = motion_mcp::bench::Bench(motion_mcp::bench::read_options(argc, argv)).run();
  std::puts(figures.dump().c_str());
}
