// Tries to have more read than was asked for.

#include "app/local_file.h"

#include <doctest/doctest.h>

#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

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
