// Tries to have one order counted as two, or two as one.
#include <doctest/doctest.h>

#include <set>

#include "base/json_value.h"
#include "jobs/order.h"

using namespace motion_mcp;
using jobs::order_digest;

TEST_CASE("the digest is SHA-256 over the tool and canonical JSON") {
  // printf 'create_video\n{"aspect_ratio":"16:9","prompt":"A film."}' | sha256sum
  CHECK(order_digest("create_video", {{"prompt", "A film."}, {"aspect_ratio", "16:9"}}) ==
        "fe6cba4610b74d065f554460e5a9730a11f3dea9308a78766e4ab19f068b3a86");
}

TEST_CASE("the order of members does not matter, at any depth") {
  const Json a = Json::parse(
      R"({"prompt":"p","attachments":[{"url":"u","name":"n"}],"design_md":{"filename":"f","content":"c"}})");
  const Json b = Json::parse(
      R"({"design_md":{"content":"c","filename":"f"},"attachments":[{"name":"n","url":"u"}],"prompt":"p"})");
  CHECK(order_digest("create_video", a) == order_digest("create_video", b));
}

TEST_CASE("whatever the service would see otherwise is another order") {
  std::set<std::string> digests;
  for (const char* arguments :
       {R"({"prompt":"p"})", R"({"prompt":"p "})", R"({"prompt":"P"})",
        R"({"prompt":"p","aspect_ratio":"16:9"})", R"({"prompt":"p","attachments":[]})",
        R"({"prompt":"p","attachments":[{"url":"a"},{"url":"b"}]})",
        R"({"prompt":"p","attachments":[{"url":"b"},{"url":"a"}]})",
        R"({"prompt":"p","job_id":"405d47cf-f72b-4852-b570-0de2446dbba1"})",
        R"({"prompt":"p","job_id":"405d47cf-f72b-4852-b570-0de2446dbba2"})"}) {
    CHECK(digests.insert(order_digest("create_video", Json::parse(arguments))).second);
    CHECK(digests.insert(order_digest("followup_video", Json::parse(arguments))).second);
  }
}

TEST_CASE("what is ours does not count, nor does the case of a job_id") {
  CHECK(order_digest("create_video",
                     {{"prompt", "p"}, {"allow_duplicate", true}, {"confirm_token", "t"}}) ==
        order_digest("create_video", {{"prompt", "p"}}));
  CHECK(order_digest("followup_video", {{"job_id", "405D47CF"}}) ==
        order_digest("followup_video", {{"job_id", "405d47cf"}}));
}
