// Tries to smuggle a second meaning into a query or a form.

#include "auth/parameters.h"

#include <doctest/doctest.h>

#include <string>

#include "base/percent_encode.h"

using namespace motion_mcp;
using namespace motion_mcp::auth;

namespace {

std::string get(std::string_view encoded, std::string_view name) {
  const auto parameters = Parameters::parse(encoded);
  REQUIRE(parameters);
  return std::string(parameters->get(name));
}

}  // namespace

TEST_CASE("parameters are decoded as forms encode them") {
  CHECK(get("a=1&b=2", "b") == "2");
  CHECK(get("a=x+y%2Bz", "a") == "x y+z");
  CHECK(get("a=%E2%82%AC", "a") == "\xE2\x82\xAC");
  CHECK(get("%61=1", "a") == "1");
  CHECK(get("a=b=c", "a") == "b=c");
  CHECK(get("&&a=1&", "a") == "1");
  CHECK(get("a", "a").empty());
  CHECK(get("a=", "a").empty());
  CHECK(get("", "a").empty());
}

TEST_CASE("what is not encoded as a form is refused") {
  CHECK_FALSE(Parameters::parse("a=%"));
  CHECK_FALSE(Parameters::parse("a=%2"));
  CHECK_FALSE(Parameters::parse("a=%zz"));
  CHECK_FALSE(Parameters::parse("a=%00"));
  CHECK_FALSE(Parameters::parse("a=%ff"));
  CHECK_FALSE(Parameters::parse("a=%c0%af"));
}

TEST_CASE("there is an end to the number of parameters") {
  std::string many;
  for (std::size_t i = 0; i < Parameters::kMost; ++i) many += "a" + std::to_string(i) + "=1&";
  CHECK(Parameters::parse(many));
  CHECK_FALSE(Parameters::parse(many + "b=1"));
}

TEST_CASE("a name that occurs twice is found, also when it is written in two ways") {
  CHECK_FALSE(Parameters::parse("a=1&b=1")->repeated(""));
  CHECK(Parameters::parse("a=1&b=1&a=1")->repeated("") == "a");
  CHECK(Parameters::parse("state=1&st%61te=2")->repeated("") == "state");
  CHECK_FALSE(Parameters::parse("a=1&a=2")->repeated("a"));
  CHECK(Parameters::parse("a=1&a=2")->all("a").size() == 2);
}

TEST_CASE("an encoded value is one value, whatever is in it") {
  const std::string odd = "x&y=z \xE2\x82\xAC";
  CHECK(get("a=" + base::percent_encode(odd), "a") == odd);
}
