#include "bench/http_waiters.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <vector>

#include "base/clock.h"
#include "base/json_value.h"
#include "bench/http_load.h"
#include "bench/http_requests.h"
#include "bench/process_figures.h"
#include "bench/sandbox_jobs.h"

namespace motion_mcp::bench {
namespace {

using base::WallTime;
using Told = std::vector<WallTime>;  // when each caller had its answer

constexpr std::chrono::milliseconds kMemoryInterval{250};

struct Memory {
  double resident_kib = 0;
  double group_kib = 0;
};

Memory memory_of(const Waiters& waiters) {
  Memory memory;
  memory.resident_kib = static_cast<double>(resident_kib(waiters.server));
  std::ifstream file(waiters.memory_file);
  if (double bytes = 0; file >> bytes) memory.group_kib = bytes / 1024;
  return memory;
}

Group callers_of(const Waiters& waiters, const std::vector<std::string>& jobs, Told& told) {
  Group group;
  group.endpoint = parse_endpoint(waiters.url);
  group.connections = waiters.callers;
  group.asks_once = true;
  group.ask = [&, endpoint = group.endpoint](std::size_t i, const std::string&) {
    const std::size_t job = i % jobs.size();
    const Speaker speaker{waiters.is_modern, endpoint.authority, endpoint.path, bench_key(job), {}};
    Ask ask = call_status_tool(speaker, R"({"job_id":")" + jobs[job] + R"(","wait_seconds":50})",
                               R"("progressToken":)" + std::to_string(i));
    ask.signs = {"event: message", R"("job_id":")" + jobs[job] + "\"", R"("ready":true)",
                 R"("progressToken":)" + std::to_string(i)};
    return ask;
  };
  group.on_answer = [&](std::size_t i, std::string_view) { told[i] = base::system_clock().wall(); };
  return group;
}

Json read_reads(const Waiters& waiters) {
  Json reads;
  Group group;
  group.endpoint = parse_endpoint(waiters.api);
  group.asks_once = true;
  group.ask = [&](std::size_t, const std::string&) { return get_reads(group.endpoint.authority); };
  group.on_answer = [&](std::size_t, std::string_view body) {
    reads = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  };
  HttpLoad load;
  const std::size_t asked = load.add(group);
  load.run([&] { return load.is_settled(asked); }, Clock::now() + kPatience);
  return reads;
}

// How long after the read that showed the end of its job each caller was told, in milliseconds.
std::vector<double> delays_of(const Json& reads, const std::vector<std::string>& jobs,
                              const Told& told) {
  std::map<std::string, WallTime> ends;
  for (const Json& job : reads.at("jobs")) {
    const auto end = base::parse_rfc3339(job.at("end_seen_at").is_string()
                                             ? job.at("end_seen_at").get<std::string>()
                                             : std::string());
    if (end) ends[job.at("job_id").get<std::string>()] = *end;
  }
  std::vector<double> delays;
  for (std::size_t i = 0; i < told.size(); ++i) {
    const auto end = ends.find(jobs[i % jobs.size()]);
    if (end == ends.end() || told[i] == WallTime()) continue;
    delays.push_back(std::chrono::duration<double, std::milli>(told[i] - end->second).count());
  }
  std::sort(delays.begin(), delays.end());
  return delays;
}

}  // namespace

Json measure_waiters(const Waiters& waiters) {
  const std::vector<std::string> jobs = make_jobs(waiters.api, waiters.jobs, "http-bench");
  Told told(waiters.callers);
  const Memory before = memory_of(waiters);
  Memory waiting = before;
  Memory most = before;
  HttpLoad load;
  const std::size_t group = load.add(callers_of(waiters, jobs, told));
  const auto deadline = Clock::now() + kPatience;
  while (!load.is_settled(group) && Clock::now() < deadline) {
    load.run([&] { return load.is_settled(group); }, Clock::now() + kMemoryInterval);
    const Memory now = memory_of(waiters);
    if (load.answered(group) == 0) waiting = now;
    most.resident_kib = std::max(most.resident_kib, now.resident_kib);
    most.group_kib = std::max(most.group_kib, now.group_kib);
  }
  load.finish(group, Clock::now());
  const Figures figures = load.take_figures(group);

  const Json reads = read_reads(waiters);
  std::size_t most_reads = 0;
  double shortest_pause_ms = 1e9;
  for (const Json& job : reads.at("jobs")) {
    most_reads = std::max(most_reads, job.at("reads").get<std::size_t>());
    if (job.at("shortest_pause_ms").is_null()) continue;
    shortest_pause_ms = std::min(shortest_pause_ms, job.at("shortest_pause_ms").get<double>());
  }
  const std::vector<double> delays = delays_of(reads, jobs, told);
  const auto each = [&](double kib) { return kib / static_cast<double>(waiters.callers); };
  return {{"callers", waiters.callers},
          {"jobs", waiters.jobs},
          {"answers", figures.answers},
          {"errors", figures.errors},
          {"first_error", figures.first_error},
          {"resident_kib_each", each(waiting.resident_kib - before.resident_kib)},
          {"resident_kib_each_at_most", each(most.resident_kib - before.resident_kib)},
          {"group_kib_each", each(waiting.group_kib - before.group_kib)},
          {"group_kib_each_at_most", each(most.group_kib - before.group_kib)},
          {"most_reads", most_reads},
          {"shortest_pause_ms", shortest_pause_ms},
          {"told", delays.size()},
          {"told_p50_ms", delays.empty() ? 0 : delays[delays.size() / 2]},
          {"told_worst_ms", delays.empty() ? 0 : delays.back()}};
}

}  // namespace motion_mcp::bench
