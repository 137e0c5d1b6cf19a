// Tries to end with two seal keys for one folder, with a key that others can read, or with a
// half-written file taken for a whole one.
#include "base/seal_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/base64.h"
#include "base/private_file.h"
#include "base/redact.h"
#include "fakes/scratch_folder.h"

using namespace motion_mcp;
using namespace motion_mcp::base;
using fakes::ScratchFolder;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::string line_of(char fill) {
  return encode_base64url(std::string(32, fill)) + "\n";
}

std::string write_key(const ScratchFolder& folder, const std::string& content) {
  const std::string path = folder.write("seal.key", content);
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  return path;
}

bool opens(const SealKeys& with, const SealKeys& sealed_by) {
  return open_sealed(with, SealPurpose::task, "a", seal(sealed_by, SealPurpose::task, "a", "b"))
      .has_value();
}

}  // namespace

TEST_CASE("the first use makes a key for the user alone, every later one finds it") {
  const ScratchFolder folder;
  const std::string path = folder / "data/motion-mcp/seal.key";
  const auto first = read_or_make_seal_keys(path);
  REQUIRE(first);
  const auto second = read_or_make_seal_keys(path);
  REQUIRE(second);
  CHECK(opens(*second, *first));
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(folder / "data/motion-mcp") == 0700);
  CHECK(mode_of(folder / "data") == 0700);
}

TEST_CASE("many that make the key at once end with the same one") {
  const ScratchFolder folder;
  const std::string path = folder / "new/seal.key";
  constexpr std::size_t kThreads = 16;
  std::vector<std::string> tokens(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        if (const auto keys = read_or_make_seal_keys(path)) {
          tokens[i] = seal(*keys, SealPurpose::task, "a", "b");
        }
      });
    }
  }
  const auto keys = read_seal_keys(path);
  REQUIRE(keys);
  for (const std::string& token : tokens) {
    CHECK(open_sealed(*keys, SealPurpose::task, "a", token).has_value());
  }
}

TEST_CASE("the first line seals, all lines open") {
  const ScratchFolder folder;
  const std::string path =
      write_key(folder, "# rotated in spring\r\n" + line_of('n') + "\n" + line_of('o'));
  const auto keys = read_seal_keys(path);
  REQUIRE(keys);
  CHECK(opens(*keys, *SealKeys::make({std::string(32, 'o')})));
  CHECK(opens(*SealKeys::make({std::string(32, 'n')}), *keys));
}

TEST_CASE("a file that others can read or change is refused, with the way out") {
  const ScratchFolder folder;
  const std::string path = write_key(folder, line_of('k'));
  for (const mode_t mode : {0604U, 0602U, 0601U, 0620U, 0644U, 0666U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    const auto keys = read_seal_keys(path);
    REQUIRE_FALSE(keys);
    CHECK(keys.error().message.find("chmod 600") != std::string::npos);
  }
  for (const mode_t mode : {0400U, 0600U, 0440U, 0640U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK(read_seal_keys(path));
  }
}

TEST_CASE("a line that is no key is named, and never quoted") {
  const ScratchFolder folder;
  for (const char* line : {"short", "c2hvcnQ", "motion_canary_key_in_the_wrong_file"}) {
    const auto keys = read_seal_keys(write_key(folder, line_of('k') + line));
    REQUIRE_FALSE(keys);
    CHECK(keys.error().message.find("line 2 of ") == 0);
    CHECK(keys.error().message.find(line) == std::string::npos);
  }
  CHECK_FALSE(read_seal_keys(write_key(folder, "")));
  CHECK_FALSE(read_seal_keys(folder.path()));
  CHECK_FALSE(read_seal_keys(folder / "missing"));
}

TEST_CASE("a folder that cannot be made is an error, not a key of its own") {
  const ScratchFolder folder;
  folder.write("file", "");
  const auto keys = read_or_make_seal_keys(folder / "file/seal.key");
  REQUIRE_FALSE(keys);
  CHECK(keys.error().message.find("file") != std::string::npos);
}

TEST_CASE("the redactor knows every key that was read") {
  const ScratchFolder folder;
  const std::string line = encode_base64url(random_bytes(32));
  REQUIRE(read_seal_keys(write_key(folder, line)));
  CHECK(redact("x " + line + " y") == "x [redacted] y");
}

TEST_CASE("a private file is made once and never left half written beside itself") {
  const ScratchFolder folder;
  const auto made = make_private_file(folder / "a", "first");
  REQUIRE(made);
  CHECK(*made);
  const auto again = make_private_file(folder / "a", "second");
  REQUIRE(again);
  CHECK_FALSE(*again);
  CHECK(fakes::read_whole(folder / "a") == "first");
  CHECK(folder.entries() == 1);
}
