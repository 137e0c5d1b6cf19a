// The schema stage against the official JSON-Schema-Test-Suite, in draft-07: the newest that
// valijson claims, and the one that the stage asks it for. What it gets wrong stands in
// json_schema_limits.json, exactly: these tests fail when something is missing there, when
// something there works, and when a tool's schema leans on any of it.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "mcp/schema.h"

using namespace motion_mcp;
namespace fs = std::filesystem;

namespace {

// Where Debian's package json-schema-test-suite puts it.
const fs::path kSuite = "/usr/share/json-schema-test-suite/tests/draft7";
const fs::path kLimits = MOTION_MCP_SOURCE_DIR "/tests/unit/mcp/json_schema_limits.json";
const fs::path kSchemas = MOTION_MCP_SOURCE_DIR "/schemas";

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file.good(), path);
  return Json::parse(file);
}

std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The verdicts on a group's instances, 'v' for valid and 'i' for not; too few when the schema ended
// the process. In a process of its own, because a schema that cannot be compiled aborts.
std::string verdicts_on(const Json& group) {
  std::array<int, 2> pipe_ends{};
  REQUIRE(pipe(pipe_ends.data()) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    const mcp::Schema schema(group.at("schema"));
    for (const Json& test : group.at("tests")) {
      const char verdict = schema.faults_in(test.at("data")).empty() ? 'v' : 'i';
      if (write(pipe_ends[1], &verdict, 1) != 1) break;
    }
    _exit(0);
  }
  close(pipe_ends[1]);
  std::string verdicts;
  for (char verdict = 0; read(pipe_ends[0], &verdict, 1) == 1;) verdicts += verdict;
  close(pipe_ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return verdicts;
}

struct Case {
  std::string name;  // "optional/content.json: group: test"
  const Json* schema = nullptr;
};

// What the schema stage gets wrong in one file, whose content must outlive it.
std::vector<Case> failures_in(const fs::path& file, const Json& groups) {
  std::vector<Case> failures;
  const std::string prefix = fs::relative(file, kSuite).string() + ": ";
  for (const Json& group : groups) {
    const std::string verdicts = verdicts_on(group);
    std::size_t at = 0;
    for (const Json& test : group.at("tests")) {
      const char wanted = test.at("valid").get<bool>() ? 'v' : 'i';
      const char got = at < verdicts.size() ? verdicts[at] : 'x';
      ++at;
      if (got == wanted) continue;
      failures.push_back({prefix + group.at("description").get<std::string>() + ": " +
                              test.at("description").get<std::string>(),
                          &group.at("schema")});
    }
  }
  return failures;
}

bool has_member(const Json& value, const std::string& name) {
  if (value.is_object() && value.contains(name)) return true;
  return value.is_structured() && std::any_of(value.begin(), value.end(), [&](const Json& inner) {
           return has_member(inner, name);
         });
}

// The keywords of a schema and of those within it. Not the names of properties, nor what is data.
void collect_keywords(const Json& schema, std::set<std::string>& keywords) {
  if (!schema.is_object()) return;
  for (const auto& [keyword, value] : schema.items()) {
    keywords.insert(keyword);
    if (keyword == "properties") {
      for (const auto& [name, inner] : value.items()) collect_keywords(inner, keywords);
    } else if (value.is_array()) {
      for (const Json& inner : value) collect_keywords(inner, keywords);
    } else {
      collect_keywords(value, keywords);
    }
  }
}

}  // namespace

TEST_CASE("the schema stage does what the official suite asks but for what is listed") {
  REQUIRE_MESSAGE(fs::exists(kSuite), "apt-get install json-schema-test-suite");
  std::map<std::string, std::string> listed;  // a case and its keyword
  const Json limits = read_json(kLimits);
  for (const auto& [keyword, limit] : limits.items()) {
    for (const Json& name : limit.at("cases")) {
      const bool is_new = listed.emplace(name.get<std::string>(), keyword).second;
      CHECK_MESSAGE(is_new, "listed twice: " << name);
    }
  }
  const std::vector<fs::path> files = json_files(kSuite);
  CHECK(files.size() > 50);
  for (const fs::path& file : files) {
    const Json groups = read_json(file);
    for (const Case& failure : failures_in(file, groups)) {
      const auto found = listed.find(failure.name);
      if (found == listed.end()) {
        FAIL_CHECK("not listed: " << failure.name);
        continue;
      }
      CHECK_MESSAGE(has_member(*failure.schema, found->second),
                    failure.name << " is listed under " << found->second
                                 << ", which its schema does not have");
      listed.erase(found);
    }
  }
  for (const auto& left : listed) FAIL_CHECK("listed, but right: " << left.first);
}

TEST_CASE("no tool's schema has a keyword that the schema stage gets wrong") {
  const Json limits = read_json(kLimits);
  REQUIRE(limits.size() > 0);
  const std::vector<fs::path> files = json_files(kSchemas);
  CHECK(files.size() >= 5);
  for (const fs::path& file : files) {
    const Json tool = read_json(file);
    std::set<std::string> keywords;
    for (const char* member : {"inputSchema", "outputSchema"}) {
      if (tool.contains(member)) collect_keywords(tool.at(member), keywords);
    }
    CHECK(keywords.contains("properties"));
    for (const auto& limit : limits.items()) {
      CHECK_MESSAGE(!keywords.contains(limit.key()), file << " has " << limit.key());
    }
  }
}
