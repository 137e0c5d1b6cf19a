// Tries to leave a half-written file behind, to write where no file can be, and to lose what was
// there before.

#include "app/local_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

TEST_CASE("a file is there whole once it is committed, and not before") {
  const ScratchFolder folder;
  {
    auto file = OutputFile::open(folder / "a.mp4");
    REQUIRE(file);
    CHECK(file->path() == folder / "a.mp4");
    REQUIRE(file->write("one"));
    CHECK_FALSE(std::filesystem::exists(folder / "a.mp4"));
    REQUIRE(file->commit());
  }
  CHECK(read_whole(folder / "a.mp4") == "one");
  CHECK(folder.entries() == 1);
}

TEST_CASE("what is not committed leaves nothing behind and what was there untouched") {
  const ScratchFolder folder;
  folder.write("a.mp4", "before");
  {
    auto file = OutputFile::open(folder / "a.mp4");
    REQUIRE(file);
    REQUIRE(file->write("half"));
  }
  CHECK(read_whole(folder / "a.mp4") == "before");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a new attempt begins from nothing") {
  const ScratchFolder folder;
  auto file = OutputFile::open(folder / "a.mp4");
  REQUIRE(file);
  REQUIRE(file->write("a long first attempt"));
  REQUIRE(file->clear());
  REQUIRE(file->write("second"));
  REQUIRE(file->commit());
  CHECK(read_whole(folder / "a.mp4") == "second");
}

TEST_CASE("a file that is there already is replaced, through a symbolic link too") {
  const ScratchFolder folder;
  folder.write("real.mp4", "before");
  std::filesystem::create_symlink("real.mp4", folder / "link.mp4");
  auto file = OutputFile::open(folder / "link.mp4");
  REQUIRE(file);
  REQUIRE(file->write("after"));
  REQUIRE(file->commit());
  CHECK(read_whole(folder / "real.mp4") == "after");
  CHECK(std::filesystem::is_symlink(folder / "link.mp4"));
}

TEST_CASE("the file has the usual permissions") {
  const ScratchFolder folder;
  const mode_t mask = ::umask(022);
  auto file = OutputFile::open(folder / "a.mp4");
  ::umask(mask);
  REQUIRE(file);
  REQUIRE(file->commit());
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
    const auto file = OutputFile::open(path);
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::invalid_argument);
    CHECK(file.error().message.find("cannot write to ") == 0);
  }
}

TEST_CASE("a file is read whole, up to the limit") {
  const ScratchFolder folder;
  const std::string path = folder.write("text", std::string(100, 'x'));
  const auto content = read_local_file(path, 100);
  REQUIRE(content);
  CHECK(content->size() == 100);
  CHECK_FALSE(read_local_file(path, 99));
  CHECK_FALSE(read_local_file(folder / "missing", 100));
  CHECK_FALSE(read_local_file(folder.path(), 100));
}

}  // namespace
}  // namespace motion_mcp::app
