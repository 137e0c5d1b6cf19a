// Where seal keys come from. These tests try to have a disk touched too early, to lose the keys
// between two processes, and to have a file that was asked for passed over in silence.
#include "app/seal_keys.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "fakes/scratch_folder.h"

using namespace motion_mcp;
using namespace motion_mcp::app;

namespace {

std::string sealed_with(const base::SealKeys& keys) {
  return base::seal(keys, base::SealPurpose::task, "a", "text");
}

bool opens(const base::SealKeys& keys, const std::string& token) {
  return base::open_sealed(keys, base::SealPurpose::task, "a", token).has_value();
}

}  // namespace

TEST_CASE("the file is made at first use, by and for whoever is first") {
  const fakes::ScratchFolder folder;
  Config config;
  config.seal_key_file = folder / "data/seal.key";
  const auto first = seal_keys_at_first_use(config);
  const auto second = seal_keys_at_first_use(config);
  CHECK(folder.entries() == 0);
  const std::string token = sealed_with(first->keys());
  const auto status = std::filesystem::status(config.seal_key_file);
  CHECK(status.permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(opens(second->keys(), token));
  const auto now = read_seal_keys_now(config);
  REQUIRE(now);
  CHECK(opens(*now, token));
}

TEST_CASE("without a place for them the keys are the process's own") {
  const fakes::ScratchFolder folder;
  folder.write("file", "");
  for (const std::string& path : {std::string(), folder / "file/seal.key"}) {
    Config config;
    config.seal_key_file = path;
    const auto keys = seal_keys_at_first_use(config);
    CHECK(opens(keys->keys(), sealed_with(keys->keys())));
    CHECK(read_seal_keys_now(config));
    config.seal_key_file_was_given = true;
    CHECK_FALSE(read_seal_keys_now(config));
  }
}
