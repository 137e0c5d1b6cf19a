// stdio-bench: measures one MCP server on stdio and prints its figures as one JSON object.
//   stdio-bench [--era legacy|modern] [--starts N] [--seconds S] -- COMMAND [ARG...]
// The server must have a tool get_video_status that refuses by itself a job_id that is no string,
// against its schema, and one that is no UUID, in its own code.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "bench/give_up.h"
#include "bench/line_client.h"

namespace motion_mcp::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kDepth = 100;

struct Options {
  bool modern = false;
  std::size_t starts = 20;
  double seconds = 3;
  std::vector<std::string> command;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Requests as a client of the era sends them.
class Requests {
 public:
  explicit Requests(bool modern)
      : meta_(modern
                  ? R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                    R"("io.modelcontextprotocol/clientCapabilities":{},)"
                    R"("io.modelcontextprotocol/clientInfo":{"name":"stdio-bench","version":"1"}})"
                  : ""),
        list_(R"(,"method":"tools/list","params":{)" + meta_ + "}}\n"),
        not_a_string_(call_with("1")),
        not_a_uuid_(call_with("\"1\"")) {}

  [[nodiscard]] std::string list(std::size_t id) const { return head(id) + list_; }
  [[nodiscard]] std::string not_a_string(std::size_t id) const { return head(id) + not_a_string_; }
  [[nodiscard]] std::string not_a_uuid(std::size_t id) const { return head(id) + not_a_uuid_; }

 private:
  static std::string head(std::size_t id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id);
  }

  [[nodiscard]] std::string call_with(const std::string& job_id) const {
    return R"(,"method":"tools/call","params":{"name":"get_video_status","arguments":{"job_id":)" +
           job_id + "}" + (meta_.empty() ? "" : ",") + meta_ + "}}\n";
  }

  std::string meta_;
  std::string list_;
  std::string not_a_string_;
  std::string not_a_uuid_;
};

void expect(std::string_view answer, std::string_view part) {
  if (answer.find(part) == std::string_view::npos) {
    give_up("expected " + std::string(part) + " in " + std::string(answer.substr(0, 400)));
  }
}

std::unique_ptr<LineClient> start(const Options& options) {
  auto client = std::make_unique<LineClient>(options.command);
  if (!options.modern) {
    client->send(
        R"({"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-11-25",)"
        R"("capabilities":{},"clientInfo":{"name":"stdio-bench","version":"1"}}})"
        "\n");
    expect(client->receive(), R"("2025-11-25")");
    client->send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
  }
  client->send(Requests(options.modern).list(0));
  expect(client->receive(), R"("get_video_status")");
  return client;
}

struct Rate {
  double per_second = 0;
  double bytes_per_second = 0;
  double processor_us_each = 0;
};

template <class Request>
Rate measure(LineClient& client, std::size_t depth, double seconds, std::string_view sign,
             const Request& request) {
  std::size_t bytes = 0;
  const double processor_before = client.processor_seconds();
  const auto began = Clock::now();
  const std::size_t answered = client.keep_in_flight(
      depth, request,
      [&](std::string_view answer) {
        expect(answer, sign);
        bytes += answer.size() + 1;
      },
      [&](std::size_t) { return seconds_since(began) >= seconds; });
  const double took = seconds_since(began);
  const auto count = static_cast<double>(answered);
  return {count / took, static_cast<double>(bytes) / took,
          (client.processor_seconds() - processor_before) * 1e6 / count};
}

Json run(const Options& options) {
  std::vector<double> start_ms;
  std::vector<double> resident_mib;
  for (std::size_t i = 0; i < options.starts; ++i) {
    const auto began = Clock::now();
    const auto client = start(options);
    start_ms.push_back(seconds_since(began) * 1e3);
    resident_mib.push_back(static_cast<double>(client->resident_kib()) / 1024);
  }

  const auto client = start(options);
  const Requests requests(options.modern);
  const auto not_a_string = [&](std::size_t id) { return requests.not_a_string(id); };
  const auto not_a_uuid = [&](std::size_t id) { return requests.not_a_uuid(id); };
  const auto list = [&](std::size_t id) { return requests.list(id); };
  constexpr std::string_view kRefused = R"("isError":true)";
  constexpr std::string_view kListed = R"("get_video_status")";
  // Each begins with a round that is not counted, in which a server compiles what it compiles late.
  const auto measure_warm = [&](std::size_t depth, std::string_view sign, const auto& request) {
    measure(*client, depth, options.seconds / 3, sign, request);
    return measure(*client, depth, options.seconds, sign, request);
  };
  const Rate by_tool = measure_warm(kDepth, kRefused, not_a_uuid);
  const Rate by_schema = measure_warm(kDepth, kRefused, not_a_string);
  const Rate alone = measure_warm(1, kRefused, not_a_uuid);
  const Rate lists = measure_warm(kDepth, kListed, list);
  return {
      {"cold_start_ms", median(start_ms)},
      {"resident_mib", median(resident_mib)},
      {"refused_by_tool_per_second", by_tool.per_second},
      {"refused_by_schema_per_second", by_schema.per_second},
      {"refused_by_tool_processor_us", by_tool.processor_us_each},
      {"refused_by_schema_processor_us", by_schema.processor_us_each},
      {"one_at_a_time_per_second", alone.per_second},
      {"lists_per_second", lists.per_second},
      {"list_bytes_per_second", lists.bytes_per_second},
      {"resident_after_load_mib", static_cast<double>(client->resident_kib()) / 1024},
  };
}

Options read_options(int argc, char** argv) {
  Options options;
  int at = 1;
  for (; at + 1 < argc && std::string_view(argv[at]) != "--"; at += 2) {
    const std::string_view name = argv[at];
    const std::string value = argv[at + 1];
    if (name == "--era" && (value == "legacy" || value == "modern")) {
      options.modern = value == "modern";
    } else if (name == "--starts") {
      options.starts = std::max(1UL, std::strtoul(value.c_str(), nullptr, 10));
    } else if (name == "--seconds") {
      options.seconds = std::strtod(value.c_str(), nullptr);
    } else {
      give_up("unknown option " + std::string(name) + " " + value);
    }
  }
  options.command.assign(argv + std::min(at + 1, argc), argv + argc);
  if (options.command.empty()) {
    give_up(
        "usage: stdio-bench [--era legacy|modern] [--starts N] [--seconds S] -- COMMAND [ARG...]");
  }
  return options;
}

}  // namespace
}  // namespace motion_mcp::bench

int main(int argc, char** argv) {
  const auto figures = motion_mcp::bench::run(motion_mcp::bench::read_options(argc, argv));
  std::puts(figures.dump().c_str());
}
