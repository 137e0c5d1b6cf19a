// What breaks a rule of the vendor's must be refused in the shape of Zod's issues before anything
// is charged, and what keeps the rules must pass, up to the last character.
#include "sandbox/validation.h"

#include "unit/sandbox/driver.h"

using namespace motion_mcp;
using namespace motion_mcp::sandbox;

namespace {

Json with(const char* key, Json value) {
  Json body = {{"prompt", "a film"}};
  body[key] = std::move(value);
  return body;
}

// The only issue, as text.
std::string issue_of(const Json& body) {
  const Json issues = issues_of(body);
  REQUIRE(issues.size() == 1);
  return issues[0].dump();
}

bool is_valid(const Json& body) {
  return issues_of(body).empty();
}

std::string repeated(const std::string& text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("the prompt is required, and has 1 to 12000 characters as JavaScript counts them") {
  CHECK(
      issue_of(Json::object()) ==
      R"~({"code":"invalid_type","expected":"string","received":"undefined","path":["prompt"],"message":"Required"})~");
  CHECK(
      issue_of(with("prompt", nullptr)) ==
      R"~({"code":"invalid_type","expected":"string","received":"null","path":["prompt"],"message":"Expected string, received null"})~");
  CHECK(
      issue_of(with("prompt", "")) ==
      R"~({"code":"too_small","minimum":1,"type":"string","inclusive":true,"message":"String must contain at least 1 character(s)","path":["prompt"]})~");
  CHECK(is_valid(with("prompt", repeated("é", 12000))));
  CHECK(
      issue_of(with("prompt", repeated("é", 12001))) ==
      R"~({"code":"too_big","maximum":12000,"type":"string","inclusive":true,"message":"String must contain at most 12000 character(s)","path":["prompt"]})~");
  CHECK(is_valid(with("prompt", repeated("😀", 6000))));
  CHECK_FALSE(is_valid(with("prompt", repeated("😀", 6001))));
}

TEST_CASE("a body that is no object is refused as a whole") {
  CHECK(
      issue_of(Json::array()) ==
      R"~({"code":"invalid_type","expected":"object","received":"array","path":[],"message":"Expected object, received array"})~");
}

TEST_CASE("words from a list are accepted, others refused with the list") {
  for (const char* ratio : {"16:9", "9:16", "1:1", "4:5", "21:9"}) {
    CHECK(is_valid(with("aspect_ratio", ratio)));
  }
  for (const char* duration : {"<10s", "10-30s", "30s-1min", "1-5min"}) {
    CHECK(is_valid(with("duration", duration)));
  }
  CHECK(
      issue_of(with("duration", "15s")) ==
      R"~({"received":"15s","code":"invalid_enum_value","options":["<10s","10-30s","30s-1min","1-5min"],"path":["duration"],"message":"Invalid enum value. Expected '<10s' | '10-30s' | '30s-1min' | '1-5min', received '15s'"})~");
  CHECK(
      issue_of(with("aspect_ratio", 1)) ==
      R"~({"code":"invalid_type","expected":"'16:9' | '9:16' | '1:1' | '4:5' | '21:9'","received":"number","path":["aspect_ratio"],"message":"Expected '16:9' | '9:16' | '1:1' | '4:5' | '21:9', received number"})~");
}

TEST_CASE(
    "a design document is a text or a file, and both complaints are told when it is neither") {
  CHECK(is_valid(with("design_md", "# Rules")));
  CHECK(is_valid(with("design_md", {{"filename", "DESIGN.md"}, {"content", "# Rules"}})));
  CHECK(is_valid(with("design_md", {{"content", "# Rules"}})));
  CHECK(
      issue_of(with("design_md", {{"filename", "DESIGN.md"}})) ==
      R"~({"code":"invalid_union","unionErrors":[{"issues":[{"code":"invalid_type","expected":"string","received":"object","path":["design_md"],"message":"Expected string, received object"}],"name":"ZodError"},{"issues":[{"code":"invalid_type","expected":"string","received":"undefined","path":["design_md","content"],"message":"Required"}],"name":"ZodError"}],"path":["design_md"],"message":"Invalid input"})~");
}

TEST_CASE("a style reference is a URL on YouTube") {
  for (const char* url :
       {"https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ",
        "https://m.youtube.com/shorts/x", "http://MUSIC.youtube.com:443/watch?v=x",
        "https://www.youtube-nocookie.com/embed/x"}) {
    CAPTURE(url);
    CHECK(is_valid(with("style_reference_url", url)));
  }
  for (const char* url :
       {"https://vimeo.com/1", "https://youtube.com.evil.example/watch",
        "https://youtube.com@evil.example/", "https://evil.example/youtube.com"}) {
    CAPTURE(url);
    CHECK(
        issue_of(with("style_reference_url", url)) ==
        R"~({"code":"custom","message":"Style reference must be a YouTube URL","path":["style_reference_url"]})~");
  }
  CHECK(
      issue_of(with("style_reference_url", "dQw4w9WgXcQ")) ==
      R"~({"validation":"url","code":"invalid_string","message":"Invalid url","path":["style_reference_url"]})~");
}

TEST_CASE("an attachment needs a URL the service can fetch, and keeps its limits") {
  const auto one = [](const Json& attachment) {
    return with("attachments", Json::array({{{"url", "https://a.example/1.png"}}, attachment}));
  };
  const std::string base = "https://a.example/";
  CHECK(is_valid(one({{"url", base + std::string(4096 - base.size(), 'x')},
                      {"name", std::string(240, 'n')},
                      {"type", "image"},
                      {"content_type", "image/png"}})));
  CHECK(is_valid(one({{"url", "http://[::1]:8080/a.png"}})));
  CHECK(
      issue_of(one({{"name", "no url"}})) ==
      R"~({"code":"invalid_type","expected":"string","received":"undefined","path":["attachments",1,"url"],"message":"Required"})~");
  for (const char* url : {"photo.png", "/tmp/photo.png", "file:///tmp/photo.png", "https://",
                          "https://a b.example/", "https://a.example:port/", "data:,x"}) {
    CAPTURE(url);
    CHECK(
        issue_of(one({{"url", url}})) ==
        R"~({"validation":"url","code":"invalid_string","message":"Invalid url","path":["attachments",1,"url"]})~");
  }
  CHECK_FALSE(is_valid(one({{"url", base + std::string(4097 - base.size(), 'x')}})));
  CHECK_FALSE(is_valid(one({{"url", base}, {"name", std::string(241, 'n')}})));
  CHECK_FALSE(is_valid(one({{"url", base}, {"type", "picture"}})));
  CHECK_FALSE(is_valid(one({{"url", base}, {"content_type", 7}})));
  CHECK_FALSE(is_valid(one("https://a.example/2.png")));
  CHECK_FALSE(is_valid(with("attachments", Json::object())));
}

TEST_CASE("unknown fields pass, and every broken rule is told, in the order of the fields") {
  CHECK(is_valid(with("mode", {{"deep", {1, 2}}})));
  const Json issues = issues_of({{"duration", "long"}, {"aspect_ratio", "5:4"}});
  REQUIRE(issues.size() == 3);
  CHECK(issues[0].at("path") == Json{"prompt"});
  CHECK(issues[1].at("path") == Json{"aspect_ratio"});
  CHECK(issues[2].at("path") == Json{"duration"});
}

TEST_CASE("a sandbox: prompt with a typing error is refused with the words there are") {
  const std::string issue = issue_of(with("prompt", "sandbox:fial"));
  CHECK(issue.find("output-fail") != std::string::npos);
  CHECK(issue_of(with("prompt", "sandbox:")) == issue);
  CHECK(is_valid(with("prompt", "A film about sandbox:fial")));
}

TEST_CASE("a body that is not JSON, or not sent as JSON, is a 400 and costs nothing") {
  Driver driver;
  const Reply broken = driver.send("POST", std::string(kSessionsPath), "{\"prompt\": ");
  CHECK(broken.status == 400);
  CHECK(
      Driver::json(broken).dump() ==
      R"~({"error":"Invalid request","details":[{"code":"custom","message":"The body is not valid JSON","path":[]}]})~");

  Request form{"POST", std::string(kSessionsPath), "Bearer motion_k", "text/plain", {},
               {},     R"~({"prompt":"a film"})~"};
  CHECK(driver.sandbox.handle(form).status == 400);
  form.content_type = "Application/JSON; charset=utf-8";
  CHECK(driver.sandbox.handle(form).status == 202);
  CHECK(driver.ledger().at("totals").at("charges") == 1);
}
