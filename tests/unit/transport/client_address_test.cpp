// Whom a request comes from. These tests try to make the server believe a header that a stranger
// sent.
#include "transport/client_address.h"

#include <doctest/doctest.h>

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

TEST_CASE("ranges hold what they say, in both families") {
  const AddressRanges some = ranges({"10.0.0.0/8", "192.168.1.128/25", "2001:db8::/33", "::1"});
  CHECK(some.contains("10.255.0.1"));
  CHECK_FALSE(some.contains("11.0.0.1"));
  CHECK(some.contains("192.168.1.200"));
  CHECK_FALSE(some.contains("192.168.1.1"));
  CHECK(some.contains("2001:db8:7fff::1"));
  CHECK_FALSE(some.contains("2001:db8:8000::1"));
  CHECK(some.contains("::1"));
  CHECK(some.contains("::ffff:10.1.2.3"));
  CHECK_FALSE(some.contains("nonsense"));
  CHECK(ranges({"0.0.0.0/0"}).contains("8.8.8.8"));
  CHECK_FALSE(ranges({"0.0.0.0/0"}).contains("2001:db8::1"));
}

TEST_CASE("what is no range is refused") {
  AddressRanges none;
  for (const char* text :
       {"", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "host"}) {
    CHECK_FALSE(none.add(text));
  }
  CHECK(none.empty());
}

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
