// How long an answer may be kept. These tests try to have one kept that must not be, or for ever.
#include "auth/freshness.h"

#include <doctest/doctest.h>

#include <string>

using motion_mcp::auth::fresh_for;
using std::chrono::seconds;

TEST_CASE("the lifetime is what a shared cache goes by, less the age") {
  CHECK(fresh_for("max-age=600", "") == seconds(600));
  CHECK(fresh_for("public, Max-Age = 600 , must-revalidate", "") == seconds(600));
  CHECK(fresh_for("max-age=600, s-maxage=60", "") == seconds(60));
  CHECK(fresh_for("s-maxage=60,max-age=600", "") == seconds(60));
  CHECK(fresh_for("max-age=\"600\"", "") == seconds(600));
  CHECK(fresh_for("max-age=600", "100") == seconds(500));
  CHECK(fresh_for("max-age=600", "601") == seconds(0));
  CHECK(fresh_for("max-age=600", "long ago") == seconds(600));
}

TEST_CASE("what must not be kept, or does not say how long, is not") {
  for (const char* text :
       {"no-store", "max-age=600, NO-STORE", "no-cache", "no-cache=\"x\"", "private", "max-age",
        "max-age=", "max-age=-1", "max-age=1e9", "max-age=1 0"}) {
    CAPTURE(text);
    CHECK(fresh_for(text, "") == seconds(0));
  }
}

TEST_CASE("an answer that says nothing leaves it to the reader") {
  CHECK_FALSE(fresh_for("", ""));
  CHECK_FALSE(fresh_for(" , ,", "10"));
  CHECK_FALSE(fresh_for("public, immutable, xmax-age=5", ""));
}

TEST_CASE("a number without end is a long time and no more") {
  const auto kept = fresh_for("max-age=" + std::string(400, '9'), "");
  REQUIRE(kept);
  CHECK(*kept == std::chrono::hours(24 * 365));
}
