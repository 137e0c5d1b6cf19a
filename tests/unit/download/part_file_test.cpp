// Tries to write outside the folder, over what is another's, twice at once, or half.
#include "download/part_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "fakes/full_disk.h"
#include "fakes/manual_clock.h"
#include "fakes/scratch_folder.h"

using namespace motion_mcp;
using namespace download;
using fakes::read_whole;
using fakes::ScratchFolder;
namespace fs = std::filesystem;

namespace {

struct Bench {
  ScratchFolder scratch;
  fakes::ManualClock clock;
  std::stop_source stop;
  std::string folder = scratch / "videos";

  Result<PartFile> open(const std::string& name = "a.mp4", const PartFile::Options& options = {}) {
    auto opened = Folder::open_or_make(folder);
    if (!opened) return std::move(opened).error();
    return PartFile::open(*std::move(opened), name, options, clock, stop.get_token());
  }
  PartFile opened(const std::string& name = "a.mp4", const PartFile::Options& options = {}) {
    auto part = open(name, options);
    REQUIRE_MESSAGE(part, part.error().message);
    return *std::move(part);
  }
  // What is refused costs nothing that is there.
  std::string refusal(const std::string& name = "a.mp4") {
    const auto part = open(name);
    REQUIRE_FALSE(part);
    CHECK(part.error().kind == ErrorKind::invalid_argument);
    CHECK(part.error().message.find("cannot write to " + folder) == 0);
    CHECK_FALSE(part.error().next_step.empty());
    return part.error().message;
  }
  PartFile::Committed save(const std::string& content, const std::string& name = "a.mp4",
                           const PartFile::Options& options = {}) {
    PartFile part = opened(name, options);
    REQUIRE(part.clear());
    REQUIRE(part.append(content));
    auto committed = part.commit(stop.get_token());
    REQUIRE_MESSAGE(committed, committed.error().message);
    CHECK(committed->sha256 == base::sha256_hex(content));
    CHECK(read_whole(committed->path) == content);
    return *committed;
  }
  [[nodiscard]] std::string at(const std::string& name) const { return folder + "/" + name; }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }
  void make_folder() { fs::create_directory(folder); }
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

const Source kSource{"r", "\"v\"", 10};

}  // namespace

TEST_CASE("a file is there whole once it is committed, and not before") {
  Bench bench;
  {
    PartFile part = bench.opened();
    CHECK(part.path() == bench.at("a.mp4"));
    REQUIRE(part.begin(kSource));
    REQUIRE(part.append("one"));
    CHECK_FALSE(fs::exists(bench.at("a.mp4")));
    REQUIRE(part.append(" two"));
    REQUIRE(part.commit({}));
  }
  CHECK(read_whole(bench.at("a.mp4")) == "one two");
  CHECK(bench.entries() == 1);
}

TEST_CASE("folder, parts and files are for the user alone, whatever the umask") {
  Bench bench;
  const mode_t mask = ::umask(0);
  {
    PartFile part = bench.opened();
    REQUIRE(part.begin(kSource));
    REQUIRE(part.append("one"));
    CHECK(mode_of(bench.folder) == 0700);
    CHECK(mode_of(bench.at(".a.mp4.part")) == 0600);
    CHECK(mode_of(bench.at(".a.mp4.part.from")) == 0600);
    REQUIRE(part.commit({}));
  }
  ::umask(mask);
  CHECK(mode_of(bench.at("a.mp4")) == 0600);
}

TEST_CASE("what is left uncommitted is gone on with, and an empty one leaves nothing") {
  Bench bench;
  {
    PartFile part = bench.opened();
    REQUIRE(part.begin(kSource));
  }
  CHECK(bench.entries() == 0);
  {
    PartFile part = bench.opened();
    CHECK(part.size() == 0);
    CHECK_FALSE(part.source());
    REQUIRE(part.begin(kSource));
    REQUIRE(part.append("half"));
  }
  CHECK_FALSE(fs::exists(bench.at("a.mp4")));
  PartFile part = bench.opened();
  CHECK(part.size() == 4);
  REQUIRE(part.source());
  CHECK(part.source()->validator == kSource.validator);
  CHECK(part.source()->total == kSource.total);
  CHECK(*part.head(3) == "hal");
  REQUIRE(part.keep(2));
  REQUIRE(part.append("lf"));
  const auto committed = part.commit({});
  REQUIRE(committed);
  CHECK(read_whole(committed->path) == "half");
}

TEST_CASE("a part whose source is not known is not gone on with") {
  Bench bench;
  bench.make_folder();
  bench.scratch.write("videos/.a.mp4.part", "half");
  CHECK_FALSE(bench.opened().source());
  bench.scratch.write("videos/.a.mp4.part.from", "garbage");
  CHECK_FALSE(bench.opened().source());
}

TEST_CASE("a new beginning forgets what came before") {
  Bench bench;
  PartFile part = bench.opened();
  REQUIRE(part.begin(kSource));
  REQUIRE(part.append("a long first attempt"));
  REQUIRE(part.begin({"r2", "\"w\"", 6}));
  REQUIRE(part.append("second"));
  const auto committed = part.commit({});
  REQUIRE(committed);
  CHECK(read_whole(committed->path) == "second");
}

TEST_CASE("the same bytes are saved once, others get a number and replace nothing") {
  Bench bench;
  CHECK_FALSE(bench.save("one").was_there);
  CHECK(bench.save("one").was_there);
  CHECK(bench.save("one").path == bench.at("a.mp4"));
  CHECK(bench.save("two").path == bench.at("a-2.mp4"));
  CHECK(bench.save("six").path == bench.at("a-3.mp4"));
  const auto again = bench.save("two");
  CHECK(again.path == bench.at("a-2.mp4"));
  CHECK(again.was_there);
  CHECK(read_whole(bench.at("a.mp4")) == "one");
  CHECK(bench.entries() == 3);
}

TEST_CASE("who wants a file replaced has it replaced") {
  Bench bench;
  bench.save("one");
  CHECK(bench.save("two", "a.mp4", {0600, true}).path == bench.at("a.mp4"));
  CHECK(read_whole(bench.at("a.mp4")) == "two");
  CHECK(bench.entries() == 1);
}

TEST_CASE("a name that leads out of the folder is refused") {
  Bench bench;
  bench.make_folder();
  for (const std::string& name :
       {std::string("../a.mp4"), std::string("/tmp/a.mp4"), std::string("b/a.mp4"),
        std::string("."), std::string(".."), std::string(), std::string(231, 'x')}) {
    CAPTURE(name);
    bench.refusal(name);
  }
  CHECK(bench.entries() == 0);
  CHECK(bench.scratch.entries() == 1);
}

TEST_CASE("a folder that is a symbolic link is refused, with what to name") {
  Bench bench;
  fs::create_directory(bench.scratch / "elsewhere");
  fs::create_directory_symlink(bench.scratch / "elsewhere", bench.folder);
  CHECK(bench.refusal().find("symbolic link") != std::string::npos);
  bench.folder += "/";
  CHECK_FALSE(bench.open());
  bench.folder.pop_back();
  fs::remove(bench.folder);
  fs::create_directory_symlink(bench.scratch / "nowhere", bench.folder);
  CHECK(bench.refusal().find("symbolic link") != std::string::npos);
  CHECK(fs::is_empty(bench.scratch / "elsewhere"));
  CHECK_FALSE(fs::exists(bench.scratch / "nowhere"));
}

TEST_CASE("a target that is a link, a folder or a pipe is refused and left as it is") {
  Bench bench;
  bench.make_folder();
  const std::string precious = bench.scratch.write("precious", "mine");
  fs::create_symlink(precious, bench.at("a.mp4"));
  CHECK(bench.refusal().find("symbolic link") != std::string::npos);
  CHECK(fs::is_symlink(bench.at("a.mp4")));
  fs::create_directory(bench.at("b.mp4"));
  CHECK(bench.refusal("b.mp4").find("not a file") != std::string::npos);
  REQUIRE(::mkfifo(bench.at("c.mp4").c_str(), 0600) == 0);
  CHECK(bench.refusal("c.mp4").find("not a file") != std::string::npos);
  CHECK(read_whole(precious) == "mine");
}

TEST_CASE("a link that takes the target's place while the bytes come in is not followed") {
  Bench bench;
  const std::string precious = bench.scratch.write("precious", "mine");
  for (const bool replaces : {false, true}) {
    PartFile part = bench.opened("a.mp4", {0600, replaces});
    REQUIRE(part.begin(kSource));
    REQUIRE(part.append("theirs"));
    fs::create_symlink(precious, bench.at("a.mp4"));
    const auto committed = part.commit({});
    REQUIRE_FALSE(committed);
    CHECK(committed.error().message.find("symbolic link") != std::string::npos);
    CHECK(read_whole(precious) == "mine");
    fs::remove(bench.at("a.mp4"));
  }
}

TEST_CASE("a part that is a link, has another name too or is no file is refused") {
  Bench bench;
  bench.make_folder();
  const std::string precious = bench.scratch.write("precious", "mine");
  const std::string part = bench.at(".a.mp4.part");
  fs::create_symlink(precious, part);
  bench.refusal();
  fs::remove(part);
  fs::create_symlink(bench.scratch / "nowhere", part);
  bench.refusal();
  fs::remove(part);
  fs::create_hard_link(precious, part);
  bench.refusal();
  fs::remove(part);
  fs::create_directory(part);
  bench.refusal();
  fs::remove(part);
  REQUIRE(::mkfifo(part.c_str(), 0600) == 0);
  bench.refusal();
  CHECK(read_whole(precious) == "mine");
  CHECK_FALSE(fs::exists(bench.scratch / "nowhere"));
}

TEST_CASE("a link in the place of what is noted of the source is neither read nor followed") {
  Bench bench;
  bench.make_folder();
  const std::string precious = bench.scratch.write("precious", to_text(kSource));
  bench.scratch.write("videos/.a.mp4.part", "half");
  fs::create_symlink(precious, bench.at(".a.mp4.part.from"));
  PartFile part = bench.opened();
  CHECK_FALSE(part.source());
  REQUIRE(part.begin(kSource));
  CHECK_FALSE(fs::is_symlink(bench.at(".a.mp4.part.from")));
  CHECK(read_whole(precious) == to_text(kSource));
}

TEST_CASE("the folder stays the one that was opened when its path leads elsewhere") {
  Bench bench;
  PartFile part = bench.opened();
  REQUIRE(part.begin(kSource));
  REQUIRE(part.append("one"));
  fs::rename(bench.folder, bench.scratch / "moved");
  fs::create_directory(bench.scratch / "elsewhere");
  fs::create_directory_symlink(bench.scratch / "elsewhere", bench.folder);
  REQUIRE(part.commit({}));
  CHECK(read_whole(bench.scratch / "moved/a.mp4") == "one");
  CHECK(fs::is_empty(bench.scratch / "elsewhere"));
}

TEST_CASE("where no folder can be, that is said") {
  Bench bench;
  bench.scratch.write("file", "");
  bench.folder = bench.scratch / "file/videos";
  const auto part = bench.open();
  REQUIRE_FALSE(part);
  CHECK(part.error().kind == ErrorKind::invalid_argument);
  CHECK(part.error().message.find(bench.folder) != std::string::npos);
  const auto missing = Folder::open(bench.scratch / "missing");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("No such file") != std::string::npos);
}

TEST_CASE("a disk that is full fails what writes, and what was written stays") {
  Bench bench;
  {
    PartFile part = bench.opened();
    REQUIRE(part.begin(kSource));
    const fakes::FullDisk full(1000);
    const auto written = part.append(std::string(3000, 'x'));
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == ErrorKind::invalid_argument);
    CHECK(written.error().next_step.find("Make room") == 0);
    CHECK(part.size() == 1000);
  }
  CHECK(bench.opened().size() == 1000);
}

TEST_CASE("a second one waits for the first, and gives up in the end") {
  Bench bench;
  std::optional<PartFile> first = bench.opened();
  const auto second = bench.open();
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::conflict);
  CHECK(bench.clock.sleeps().size() >= 100);
  CHECK(bench.open("b.mp4"));

  bench.stop.request_stop();
  const auto stopped = bench.open();
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == ErrorKind::cancelled);
  first.reset();
  CHECK(bench.open());
}

TEST_CASE("who waited does not write into the file that is done") {
  ScratchFolder scratch;
  const std::string folder = scratch.path();
  // With a clock that does not wait, patience ends soon.
  const auto open = [&]() -> Result<PartFile> {
    for (;;) {
      const fakes::ManualClock clock;
      auto part = PartFile::open(*Folder::open(folder), "a.mp4", {}, clock, {});
      if (part || part.error().kind != ErrorKind::conflict) return part;
    }
  };
  const auto save = [&](char letter) {
    auto part = open();
    if (!part || !part->begin(kSource)) return false;
    for (int i = 0; i < 100; ++i) {
      if (!part->append(std::string(100, letter))) return false;
    }
    return part->commit({}).has_value();
  };
  std::vector<std::thread> threads;
  std::atomic<int> saved{0};
  for (const char letter : {'a', 'b', 'c', 'a', 'b', 'c'}) {
    threads.emplace_back([&, letter] { saved += save(letter) ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  CHECK(saved == 6);
  CHECK(scratch.entries() == 3);
  for (const char* name : {"a.mp4", "a-2.mp4", "a-3.mp4"}) {
    const std::string content = read_whole(scratch / name);
    REQUIRE(content.size() == 10'000);
    CHECK(content == std::string(10'000, content.front()));
  }
}

TEST_CASE("a stop before the end leaves the part as it was") {
  Bench bench;
  PartFile part = bench.opened();
  REQUIRE(part.begin(kSource));
  REQUIRE(part.append("one"));
  bench.stop.request_stop();
  const auto committed = part.commit(bench.stop.get_token());
  REQUIRE_FALSE(committed);
  CHECK(committed.error().kind == ErrorKind::cancelled);
  CHECK_FALSE(fs::exists(bench.at("a.mp4")));
  CHECK(part.commit({}));
}
