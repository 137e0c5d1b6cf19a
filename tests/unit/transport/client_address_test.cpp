// Whom a request comes from. These tests try to make the server believe a header that a stranger
// sent.
#include "transport/client_address.h"

#include <doctest/doctest.h>

using motion_mcp::base::AddressRanges;
using namespace motion_mcp::transport;

namespace {

AddressRanges ranges(std::initializer_list<const char*> items) {
  AddressRanges all;
  for (const char* item : items) REQUIRE(all.add(item));
  return all;
}

std::string client(const char* peer, const char* forwarded, const AddressRanges& trusted) {
  return client_address(peer, {{"X-Forwarded-For", forwarded}}, trusted);
}

}  // namespace

TEST_CASE("X-Forwarded-For counts from its end, and only as far as proxies are trusted") {
  const AddressRanges trusted = ranges({"10.0.0.0/8"});
  CHECK(client("1.2.3.4", "9.9.9.9", trusted) == "1.2.3.4");
  CHECK(client("10.0.0.1", "9.9.9.9", trusted) == "9.9.9.9");
  CHECK(client("10.0.0.1", "6.6.6.6, 9.9.9.9", trusted) == "9.9.9.9");
  CHECK(client("10.0.0.1", "6.6.6.6, 9.9.9.9 , 10.0.0.2", trusted) == "9.9.9.9");
  CHECK(client("10.0.0.1", "<script>", trusted) == "10.0.0.1");
  CHECK(client("10.0.0.1", "", trusted) == "10.0.0.1");
  CHECK(client("10.0.0.1", "9.9.9.9", {}) == "10.0.0.1");
  CHECK(client_address("10.0.0.1", {{"X-Forwarded-For", "6.6.6.6"}, {"x-forwarded-for", "9.9.9.9"}},
                       trusted) == "9.9.9.9");
}
