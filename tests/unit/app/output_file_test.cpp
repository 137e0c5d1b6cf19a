// Tries to leave a file behind where none was saved, to write where no file can be, and to lose
// what was there before.

#include "app/output_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "fakes/manual_clock.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

Result<download::PartFile> open(const std::string& path) {
  static const fakes::ManualClock clock;
  return open_output(path, clock, {});
}

TEST_CASE("a file is there once it is committed, and what was there is replaced") {
  const ScratchFolder folder;
  folder.write("a.mp4", "before");
  {
    auto file = open(folder / "a.mp4");
    REQUIRE(file);
    CHECK(file->path() == folder / "a.mp4");
  }
  CHECK(folder.entries() == 1);
  auto file = open(folder / "a.mp4");
  REQUIRE(file);
  REQUIRE(file->append("after"));
  CHECK(read_whole(folder / "a.mp4") == "before");
  REQUIRE(file->commit({}));
  CHECK(read_whole(folder / "a.mp4") == "after");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a symbolic link that the user names is followed") {
  const ScratchFolder folder;
  folder.write("real.mp4", "before");
  std::filesystem::create_symlink("real.mp4", folder / "link.mp4");
  auto file = open(folder / "link.mp4");
  REQUIRE(file);
  REQUIRE(file->append("after"));
  REQUIRE(file->commit({}));
  CHECK(read_whole(folder / "real.mp4") == "after");
  CHECK(std::filesystem::is_symlink(folder / "link.mp4"));
}

TEST_CASE("the file has the usual permissions") {
  const ScratchFolder folder;
  const mode_t mask = ::umask(022);
  auto file = open(folder / "a.mp4");
  ::umask(mask);
  REQUIRE(file);
  REQUIRE(file->commit({}));
  struct stat status {};
  REQUIRE(::stat((folder / "a.mp4").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0644);
}

TEST_CASE("where no file can be made, that is said before anything else is done") {
  const ScratchFolder folder;
  folder.write("file", "");
  for (const std::string& path : {folder.path(), folder.path() + "/", folder / "missing/a.mp4",
                                  folder / "file/a.mp4", std::string("/dev/null")}) {
    CAPTURE(path);
    const auto file = open(path);
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::invalid_argument);
    CHECK(file.error().message.find("cannot write to ") == 0);
  }
}

}  // namespace
}  // namespace motion_mcp::app
