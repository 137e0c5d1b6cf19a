#include "bench/process_figures.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "bench/give_up.h"

namespace motion_mcp::bench {
namespace {

std::ifstream open(pid_t process, const char* file) {
  return std::ifstream("/proc/" + std::to_string(process) + "/" + file);
}

[[noreturn]] void give_up(pid_t process) {
  bench::give_up("process " + std::to_string(process) + " has no figures in /proc");
}

}  // namespace

std::size_t resident_kib(pid_t process) {
  std::ifstream status = open(process, "status");
  for (std::string word; status >> word;) {
    if (word != "VmRSS:") continue;
    std::size_t kib = 0;
    status >> kib;
    return kib;
  }
  give_up(process);
}

double processor_seconds(pid_t process) {
  std::ifstream stat = open(process, "stat");
  const std::string text((std::istreambuf_iterator<char>(stat)), std::istreambuf_iterator<char>());
  // The second field is a name in brackets that may hold anything; utime and stime are 14 and 15.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  if (!(fields >> user >> system)) give_up(process);
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace motion_mcp::bench
