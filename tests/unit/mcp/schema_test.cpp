// A refusal is only as good as its wording: an agent must be able to mend the call from it. These
// tests hold the verdict and the words for every keyword that the schemas use.
#include "mcp/schema.h"

#include <doctest/doctest.h>

#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;

namespace {

std::string faults(std::string_view arguments) {
  static const Json definition = Json::parse(test::kEchoDefinition);
  static const Schema schema(definition.at("inputSchema"));
  std::string text;
  for (const std::string& fault : schema.faults_in(Json::parse(arguments))) {
    text += (text.empty() ? "" : " | ") + fault;
  }
  return text;
}

}  // namespace

TEST_CASE("valid arguments have no fault") {
  CHECK(faults(R"({"text":"a"})").empty());
  CHECK(faults(R"({"text":"é€😀éé","mode":"loud","times":3,"style":{"content":"x"},"parts":[]})")
            .empty());
  CHECK(faults(R"({"text":"a","style":"abcd","parts":[{"url":"abc"},{"url":""}]})").empty());
}

TEST_CASE("each fault names the path, the limit and what was sent") {
  CHECK(faults("{}") == "text is missing");
  CHECK(faults(R"({"text":7})") == "text must be a string, not 7");
  CHECK(faults(R"({"text":""})") == "text must have at least 1 characters, not 0");
  CHECK(faults(R"({"text":"é€😀ééé"})") == "text must have at most 5 characters, not 6");
  CHECK(faults(R"({"text":"a","mode":"LOUD"})") ==
        R"(mode must be one of "loud", "quiet", not "LOUD")");
  CHECK(faults(R"({"text":"a","times":4})") == "times must be at most 3, not 4");
  CHECK(faults(R"({"text":"a","times":0})") == "times must be at least 1, not 0");
  CHECK(faults(R"({"text":"a","times":1.5})") == "times must be an integer, not 1.5");
  CHECK(faults(R"({"text":"a","parts":[{"url":""},{"url":""},{"url":""}]})") ==
        "parts must have at most 2 items, not 3");
  CHECK(faults(R"({"text":"a","parts":[{"url":"abcd"}]})") ==
        "parts[0].url must have at most 3 characters, not 4");
  CHECK(faults(R"({"text":"a","parts":[{}]})") == "parts[0].url is missing");
  CHECK(faults(R"(7)") == "the arguments must be an object, not 7");
}

TEST_CASE("a number without a fraction is an integer, however it is written and however large") {
  for (const char* times : {"2.0", "2e0", "20e-1"}) {
    CHECK(faults(std::string(R"({"text":"a","times":)") + times + "}").empty());
  }
  for (const char* times : {"18446744073709551615", "1e30", "12345678910111213141516"}) {
    const std::string fault = faults(std::string(R"({"text":"a","times":)") + times + "}");
    CHECK(fault.starts_with("times must be at most 3"));
  }
  CHECK(faults(R"({"text":"a","times":-1e30})").starts_with("times must be at least 1"));
}

TEST_CASE("a text is as long as it is, with NUL characters in it") {
  CHECK(faults(R"({"text":"\u0000"})").empty());
  CHECK(faults(R"({"text":"a\u0000bcd"})").empty());
  CHECK(faults(R"({"text":"a\u0000bcde"})") == "text must have at most 5 characters, not 6");
}

TEST_CASE("what the schema `false` refuses is refused in words") {
  const Json nothing = false;
  CHECK(Schema(nothing).faults_in(7).size() == 1);
}

TEST_CASE("an alternative is judged by the one that was meant") {
  CHECK(faults(R"({"text":"a","style":5})") == "style must be a string or an object, not 5");
  CHECK(faults(R"({"text":"a","style":"abcde"})") == "style must have at most 4 characters, not 5");
  CHECK(faults(R"({"text":"a","style":{}})") == "style.content is missing");
  CHECK(faults(R"({"text":"a","style":{"content":1}})") == "style.content must be a string, not 1");
}

TEST_CASE("an unknown argument is refused with the known one that was meant") {
  CHECK(faults(R"({"text":"a","Mode":"loud"})") == "Mode is not an argument (did you mean mode?)");
  CHECK(faults(R"({"text":"a","zzzzzz":1})") == "zzzzzz is not an argument");
  CHECK(faults(R"({"text":"a","style":{"content":"x","contnt":1}})") ==
        "style.contnt is not an argument (did you mean content?)");
}

TEST_CASE("however much is wrong, the answer stays short") {
  std::string many = R"({"text":"a")";
  for (int i = 0; i < 1000; ++i) many += ",\"unknown" + std::to_string(i) + "\":0";
  CHECK(faults(many + "}").size() < 500);
  CHECK(faults(R"({"text":")" + std::string(100'000, 'x') + R"("})").size() < 200);
  CHECK(faults(R"({"text":"a","mode":")" + std::string(100'000, 'x') + R"("})").size() < 200);
}

TEST_CASE("however much is wrong, looking for it takes no time to speak of") {
  // Each of these kept a thread busy for minutes when every fault was compared with every other;
  // the deadline of this suite is what they would miss.
  const auto many = [](const std::string& item) {
    std::string text = R"({"text":"a","parts":[)" + item;
    for (int i = 1; i < 30'000; ++i) text += "," + item;
    return faults(text + "]}");
  };
  CHECK(many("null").find("parts[0] must be an object, not null") != std::string::npos);
  CHECK(many(R"({})").find("parts[0].url is missing") != std::string::npos);
  CHECK(many(R"({"url":""})") == "parts must have at most 2 items, not 30000");
  CHECK(many(R"({"u":{"u":0}})").find("parts[0].url is missing") != std::string::npos);
}

TEST_CASE("what is long is judged to its end") {
  const Json definition = Json::parse(
      R"({"type":"object","properties":{"list":{"type":"array","items":{"type":"integer"}}}})");
  const Schema schema(definition);
  Json value = {{"list", Json::array()}};
  for (int i = 0; i < 5000; ++i) value["list"].push_back(i);
  CHECK(schema.faults_in(value).empty());
  value["list"][4999] = "x";
  CHECK(schema.faults_in(value).size() == 1);
  value["list"][3] = "x";
  CHECK(schema.faults_in(value).front() == R"(list[3] must be an integer, not "x")");
}
