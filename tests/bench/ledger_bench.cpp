// How long a process waits for the ledger while others write to it too. Prints a Markdown table; by
// hand, on a quiet machine: build/release/ledger-bench [--seconds N]
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "fakes/scratch_folder.h"
#include "jobs/ledger.h"

using namespace motion_mcp;
using Clock = std::chrono::steady_clock;
using std::chrono::duration;
using std::chrono::microseconds;

namespace {

struct Load {
  const char* title;
  int processes;
  int commits_per_second;  // of each process; 0: as many as it can
};

constexpr Load kLoads[] = {{"1 process, 50 commits/s", 1, 50},
                           {"8 processes, 50 commits/s each", 8, 50},
                           {"1 process, flat out", 1, 0},
                           {"8 processes, flat out", 8, 0}};

// Times one commit after another; an order is two of them, as for a real POST.
class Writer {
 public:
  Writer(const std::string& path, int number)
      : ledger_({path, true}, base::system_clock()), name_(std::to_string(number) + ":") {}

  microseconds commit() {
    const auto begun = Clock::now();
    const bool done = open_order_ == 0 ? admit() : close();
    if (!done) ++faults_;
    return std::chrono::duration_cast<microseconds>(Clock::now() - begun);
  }
  [[nodiscard]] int faults() const { return faults_; }

 private:
  bool admit() {
    const auto admission = ledger_.admit({"owner", "create_video", name_ + std::to_string(++count_),
                                          std::string(200, 'x'), "", std::nullopt},
                                         {std::chrono::seconds(600), {1'000'000, 0, 0}});
    if (!admission || !std::holds_alternative<jobs::OrderId>(*admission)) return false;
    open_order_ = std::get<jobs::OrderId>(*admission);
    return true;
  }
  bool close() {
    return ledger_
        .close(std::exchange(open_order_, 0), jobs::OrderState::started,
               "405d47cf-f72b-4852-b570-0de2446dbba1", "queued")
        .has_value();
  }

  jobs::Ledger ledger_;
  const std::string name_;
  int count_ = 0;
  int faults_ = 0;
  jobs::OrderId open_order_ = 0;
};

// Runs in a process of its own and writes its times to `out`; the first of them is the number of
// faults.
void write_for(const Load& load, const std::string& path, int number, duration<double> span,
               FILE* out) {
  Writer writer(path, number);
  std::vector<std::int64_t> times = {0};
  const auto begun = Clock::now();
  auto next = begun;
  while (Clock::now() - begun < span) {
    times.push_back(writer.commit().count());
    if (load.commits_per_second == 0) continue;
    next += microseconds(1'000'000 / load.commits_per_second);
    std::this_thread::sleep_until(next);
  }
  times[0] = writer.faults();
  std::fwrite(times.data(), sizeof(times[0]), times.size(), out);
  std::fclose(out);
}

void measure(const Load& load, duration<double> span) {
  const fakes::ScratchFolder folder;
  std::vector<FILE*> results;
  std::vector<pid_t> children;
  for (int number = 0; number < load.processes; ++number) {
    FILE* result = std::tmpfile();
    if (result == nullptr) std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
      write_for(load, folder / "ledger.db", number, span, result);
      std::_Exit(0);
    }
    results.push_back(result);
    children.push_back(child);
  }
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);

  std::vector<std::int64_t> times;
  std::int64_t faults = 0;
  for (FILE* result : results) {
    std::rewind(result);
    std::int64_t value = 0;
    if (std::fread(&value, sizeof value, 1, result) == 1) faults += value;
    while (std::fread(&value, sizeof value, 1, result) == 1) times.push_back(value);
    std::fclose(result);
  }
  if (times.empty()) std::abort();
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return static_cast<double>(
               times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))]) /
           1000;
  };
  std::printf("| %s | %.0f | %.2f | %.2f | %.2f | %.2f | %lld |\n", load.title,
              static_cast<double>(times.size()) / span.count(), at(0.5), at(0.99), at(0.999), at(1),
              static_cast<long long>(faults));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  duration<double> span(10);
  if (argc == 3 && std::string(argv[1]) == "--seconds") {
    span = duration<double>(std::strtod(argv[2], nullptr));
  }
  std::printf("| load | commits/s | median ms | 99 %% | 99.9 %% | longest | faults |\n");
  std::printf("|---|---|---|---|---|---|---|\n");
  std::fflush(stdout);
  for (const Load& load : kLoads) measure(load, span);
}
