#include "bench/sandbox_jobs.h"

#include <algorithm>
#include <utility>

#include "base/json_value.h"
#include "bench/give_up.h"
#include "bench/http_load.h"
#include "bench/http_requests.h"

namespace motion_mcp::bench {
namespace {

// The sandbox serves 128 connections at a time.
constexpr std::size_t kAtOnce = 64;

}  // namespace

std::string bench_key(std::size_t i) {
  return "motion_bench_0123456789abcdef_" + std::to_string(i);
}

std::vector<std::string> make_jobs(const std::string& api, std::size_t count,
                                   const std::string& prompt, bool has_one_key) {
  const Endpoint endpoint = parse_endpoint(api);
  std::vector<std::string> jobs(count);
  for (std::size_t first = 0; first < count; first += kAtOnce) {
    Group group;
    group.endpoint = endpoint;
    group.connections = std::min(kAtOnce, count - first);
    group.asks_once = true;
    group.ask = [&](std::size_t i, const std::string&) {
      const std::string key = bench_key(has_one_key ? 0 : first + i);
      return create_job({false, endpoint.authority, endpoint.path, key, {}}, prompt);
    };
    group.on_answer = [&](std::size_t i, std::string_view body) {
      jobs[first + i] = Json::parse(body, nullptr, /*allow_exceptions=*/false).value("job_id", "");
    };
    HttpLoad load;
    const std::size_t made = load.add(std::move(group));
    load.run([&] { return load.is_settled(made); }, Clock::now() + kPatience);
    load.finish(made, Clock::now());
    const Figures figures = load.take_figures(made);
    if (figures.errors > 0) give_up("no jobs: " + figures.first_error);
  }
  return jobs;
}

}  // namespace motion_mcp::bench
