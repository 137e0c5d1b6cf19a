// Which addresses a stranger may make the server speak to. The table tries every way to name a
// machine that only the server can reach, and both ends of every range.
#include "auth/public_address.h"

#include <doctest/doctest.h>

#include <string>

using motion_mcp::auth::is_public_address;

TEST_CASE("addresses of the public internet may be spoken to") {
  for (const char* address :
       {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",   "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",     "126.255.255.255", "128.0.0.0",
        "168.63.129.15",   "168.63.129.17",   "169.253.255.255", "169.255.0.0",
        "172.15.255.255",  "172.32.0.0",      "192.0.1.0",       "192.0.3.0",
        "192.88.98.255",   "192.88.100.0",    "192.167.255.255", "192.169.0.0",
        "198.17.255.255",  "198.20.0.0",      "198.51.99.255",   "198.51.101.0",
        "203.0.112.255",   "203.0.114.0",     "223.255.255.255", "160.79.104.10",
        "2001:200::1",     "2001:db7::1",     "2001:db9::1",     "2003::1",
        "2606:4700::1111", "3ffe:ffff::1",    "3fff:1000::1",    "2000::1",
        "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8"}) {
    CAPTURE(address);
    CHECK(is_public_address(address));
  }
}

TEST_CASE("no other IPv4 address is spoken to") {
  for (const char* address :
       {"0.0.0.0",         "0.255.255.255",   "10.0.0.0",        "10.255.255.255",
        "100.64.0.0",      "100.100.100.200", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "168.63.129.16",   "169.254.0.0",     "169.254.169.254",
        "169.254.255.255", "172.16.0.0",      "172.31.255.255",  "192.0.0.0",
        "192.0.0.192",     "192.0.0.255",     "192.0.2.0",       "192.0.2.255",
        "192.88.99.1",     "192.168.0.0",     "192.168.255.255", "198.18.0.0",
        "198.19.255.255",  "198.51.100.1",    "203.0.113.1",     "224.0.0.1",
        "239.255.255.255", "240.0.0.0",       "255.255.255.255"}) {
    CAPTURE(address);
    CHECK_FALSE(is_public_address(address));
  }
}

TEST_CASE("no other IPv6 address is spoken to") {
  for (const char* address : {"::",
                              "::1",
                              "::2",
                              "::127.0.0.1",
                              "::8.8.8.8",
                              "100::1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "fd20:ce::254",
                              "fdff::1",
                              "fe80::1",
                              "febf::1",
                              "fec0::1",
                              "ff02::1",
                              "ff0e::1",
                              "2001::1",
                              "2001:0:4136::1",
                              "2001:10::1",
                              "2001:20::1",
                              "2001:1ff:ffff::1",
                              "2001:db8::1",
                              "2001:db8:ffff::",
                              "2002::1",
                              "2002:7f00:1::1",
                              "2002:808:808::1",
                              "3fff::1",
                              "3fff:fff:ffff::1",
                              "4000::1",
                              "5f00::1",
                              "1fff::1",
                              "64:ff9b:1::8.8.8.8"}) {
    CAPTURE(address);
    CHECK_FALSE(is_public_address(address));
  }
}

TEST_CASE("an IPv4 address inside an IPv6 one is judged as itself") {
  for (const char* v4 : {"127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"}) {
    CAPTURE(v4);
    CHECK_FALSE(is_public_address(std::string("::ffff:") + v4));
    CHECK_FALSE(is_public_address(std::string("64:ff9b::") + v4));
  }
  CHECK_FALSE(is_public_address("::ffff:7f00:1"));
  CHECK_FALSE(is_public_address("64:ff9b::7f00:1"));
}

TEST_CASE("what is no plain address is not spoken to") {
  for (const char* text : {"", "localhost", "8.8.8", "0x8.8.8.8", "8.8.8.8:443", "[2606:4700::1]",
                           "2606:4700::1%eth0", "fe80::1%1", "134744072", " 8.8.8.8"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public_address(text));
  }
}
