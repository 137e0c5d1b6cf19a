// Addresses and ranges of them. These tests try to get past a range by writing an address another
// way.
#include "base/ip_address.h"

#include <doctest/doctest.h>

using motion_mcp::base::AddressRanges;
using motion_mcp::base::is_ipv4;
using motion_mcp::base::parse_ip_address;

namespace {

AddressRanges ranges(std::initializer_list<const char*> items) {
  AddressRanges all;
  for (const char* item : items) REQUIRE(all.add(item));
  return all;
}

}  // namespace

TEST_CASE("only the usual written forms are addresses") {
  CHECK(parse_ip_address("127.0.0.1") == parse_ip_address("::ffff:127.0.0.1"));
  CHECK(parse_ip_address("::1") != parse_ip_address("0.0.0.1"));
  CHECK(is_ipv4(*parse_ip_address("127.0.0.1")));
  CHECK_FALSE(is_ipv4(*parse_ip_address("::127.0.0.1")));
  for (const char* text :
       {"", "1", "127.1", "0x7f.0.0.1", "127.0.0.1 ", "[::1]", "fe80::1%eth0", "host"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_ip_address(text));
  }
}

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
