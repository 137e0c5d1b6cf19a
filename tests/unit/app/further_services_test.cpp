// Tries to have a toolset served to who has no key for it, or a key of the environment used for
// callers from elsewhere or in the sandbox.
#include "app/further_services.h"

#include <doctest/doctest.h>

#include "app/wiring.h"

namespace motion_mcp::app {
namespace {

Config with_mosaic_key() {
  Config config;
  config.mosaic_key.value = "mk_of_the_environment";
  return config;
}

TEST_CASE("a toolset's credential is there when its key is, and the toolset is wanted") {
  CHECK(own_credentials({}).empty());
  Config config = with_mosaic_key();
  CHECK(own_credentials(config).at("mosaic") == "mk_of_the_environment");
  CHECK(own_credentials(config).size() == 1);
  config.toolsets = {"motion"};
  CHECK(own_credentials(config).empty());
}

TEST_CASE("the sandbox never gets the key itself, and a toolset named there needs none") {
  Config config = with_mosaic_key();
  config.sandbox = true;
  CHECK(own_credentials(config).at("mosaic") == "mk_sandbox");
  CHECK_FALSE(own_credentials(config).contains("motioness"));
  config.toolsets_were_given = true;
  CHECK(own_credentials(config).at("motioness") == "pk_sandbox");
  config.toolsets = {"motion"};
  CHECK(own_credentials(config).empty());
}

TEST_CASE("an HTTP server has no further credentials of its own") {
  const auto program = Program::make(with_mosaic_key(), Audience::remote);
  REQUIRE(program);
  CHECK((*program)->caller().further.empty());
  CHECK(unused_key_warnings(with_mosaic_key()).size() == 1);
  CHECK(unused_key_warnings(with_mosaic_key())[0].find("X-Mosaic-Api-Key") != std::string::npos);
  CHECK(unused_key_warnings({}).empty());
}

TEST_CASE("a toolset that cannot work is warned of, one that nobody asked for is not") {
  CHECK(key_warnings({}).empty());
  Config named;
  named.toolsets = {"motion", "mosaic"};
  named.toolsets_were_given = true;
  REQUIRE(key_warnings(named).size() == 1);
  CHECK(key_warnings(named)[0].find("MOSAIC_API_KEY is not set") != std::string::npos);
  named.sandbox = true;
  CHECK(key_warnings(named).empty());

  Config odd = with_mosaic_key();
  odd.mosaic_key.problem = Error{ErrorKind::no_credential, "not a Mosaic API key"};
  REQUIRE(key_warnings(odd).size() == 1);
  CHECK(key_warnings(odd)[0].find("mk_of_the_environment") == std::string::npos);
}

}  // namespace
}  // namespace motion_mcp::app
