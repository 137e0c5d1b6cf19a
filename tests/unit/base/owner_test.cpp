// Tries to tell a key from its owner id, and to make two keys look like one owner.
#include "base/owner.h"

#include <doctest/doctest.h>

using motion_mcp::base::owner_id;
using motion_mcp::base::OwnerMemory;

TEST_CASE("an owner id is the same for the same key, in every release") {
  CHECK(owner_id("motion_your_api_key") ==
        "8a05deaf61456c1bf85fcbc9a420b5462362dfa3bca2559fc3728c3139bf48a1");
}

TEST_CASE("an owner id does not depend on the keys asked about before") {
  const std::string of_empty = "68a2f935792ffacee25d8524ab053b8a9ca6a57f9647bcbfcae441e72fa44f28";
  CHECK(owner_id("") == of_empty);
  CHECK(owner_id("motion_a") != of_empty);
  CHECK(owner_id("") == of_empty);
  CHECK(owner_id(std::string_view()) == of_empty);
}

TEST_CASE("different keys have different owner ids, none of which holds the key") {
  CHECK(owner_id("motion_a") != owner_id("motion_b"));
  CHECK(owner_id("motion_a").size() == 64);
  CHECK(owner_id("motion_a").find("motion") == std::string::npos);
}

TEST_CASE("what a connection remembers is the owner of the key that it is asked about") {
  OwnerMemory memory;
  for (const char* key : {"", "motion_a", "motion_a", "motion_b", "motion_a", "motion_", ""}) {
    CAPTURE(key);
    CHECK(memory.id_of(key) == owner_id(key));
  }
}
