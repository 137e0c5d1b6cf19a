// Tries to read from a URI what its template does not say: a value that swallows a path, is empty,
// or hides something behind its encoding.
#include "mcp/uri_template.h"

#include <doctest/doctest.h>

using motion_mcp::mcp::UriTemplate;
using motion_mcp::mcp::UriVariables;

TEST_CASE("a URI of the template gives the values, decoded") {
  const UriTemplate job("motion://jobs/{job_id}");
  CHECK(job.match("motion://jobs/a-1") == UriVariables{{"job_id", "a-1"}});
  CHECK(job.match("motion://jobs/a%20%C3%A4%2Fb") == UriVariables{{"job_id", "a \xC3\xA4/b"}});
  CHECK(job.names() == std::vector<std::string>{"job_id"});
  const UriTemplate two("x://{a}/y/{b}.txt");
  CHECK(two.match("x://1/y/2.txt") == UriVariables{{"a", "1"}, {"b", "2"}});
  CHECK(two.match("x://1/y/2.txt.txt") == UriVariables{{"a", "1"}, {"b", "2.txt"}});
  CHECK(UriTemplate("x://fixed").match("x://fixed") == UriVariables{});
}

TEST_CASE("any other URI gives nothing") {
  const UriTemplate job("motion://jobs/{job_id}");
  for (const char* uri :
       {"", "motion://jobs", "motion://jobs/", "motion://jobs/a/b", "a", "motion://jobs/a?b",
        "motion://jobs/a#b", "motion://jobs/%", "MOTION://jobs/a", "motion://jobs/%4",
        "motion://jobs/%zz", "motion://jobs/%FF", "motion://jobs/a%2"}) {
    CAPTURE(uri);
    CHECK_FALSE(job.match(uri));
  }
  const UriTemplate data("test://{id}/data");
  for (const char* uri : {"test:///data", "test://1/data/", "test://1/date", "test://1/2/data",
                          "test://data", "test:/1/data"}) {
    CAPTURE(uri);
    CHECK_FALSE(data.match(uri));
  }
  CHECK_FALSE(UriTemplate("x://fixed").match("x://fixed/more"));
}
