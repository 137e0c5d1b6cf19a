// The reader is ours, and what it reads was written by strangers. These tests hold it against
// nlohmann's parser, verdict and value, over texts that parsers get wrong and over tens of
// thousands of mutations of them.
#include "jsonrpc/json_reader.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "jsonrpc/message.h"
#include "unit/jsonrpc/reader_difference.h"

using namespace motion_mcp;
using namespace motion_mcp::jsonrpc;

namespace {

std::string fault(std::string_view text) {
  DomBuilder builder(kMaxDepth);
  read_json(text, builder);
  return builder.fault();
}

const std::vector<std::string>& texts() {
  static const std::vector<std::string> list = {
      // structure
      "",
      " ",
      "{}",
      "[]",
      " {\t}\r\n",
      "[ ]",
      "[1,]",
      "[,1]",
      "[1,,2]",
      "[1 2]",
      "{,}",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\":1,}",
      "{\"a\":1 \"b\":2}",
      "{\"a\" 1}",
      "{a:1}",
      "{1:1}",
      "{'a':1}",
      "[}",
      "{]",
      "[",
      "]",
      "{",
      "}",
      "[1",
      "{\"a\":1",
      "[[]",
      "[]]",
      "{}}",
      "{\"a\":{}",
      ":",
      ",",
      "1,2",
      "[1]x",
      "[1] []",
      "[\v1]",
      "[\f]",
      "\xC2\xA0[]",
      "// c\n[]",
      "[/**/]",
      "\"a\" \"b\"",
      "[1]\xFF",
      "\xEF\xBB\xBF[1]",
      "\xEF\xBB[1]",
      "\xEF\xBB\xBF",
      "[\xEF\xBB\xBF]",
      "\xEF\xBB\xBF\xEF\xBB\xBF[]",
      // words
      "true",
      "false",
      "null",
      "[true,false,null]",
      "tru",
      "truex",
      "True",
      "nul",
      "fals",
      "nulll",
      "[truefalse]",
      "undefined",
      "NaN",
      "[NaN]",
      "Infinity",
      "-Infinity",
      "t",
      "f",
      "n",
      // numbers
      "0",
      "-0",
      "-0.0",
      "0.0",
      "00",
      "01",
      "-01",
      "1.",
      ".1",
      "-.1",
      "+1",
      "-",
      "--1",
      "1e",
      "1e+",
      "1e-",
      "1e5",
      "1E5",
      "1E+05",
      "1.0e-007",
      "1e1.5",
      "0e0",
      "0x10",
      "1_000",
      "1a",
      "1.5.5",
      "- 1",
      "9223372036854775807",
      "9223372036854775808",
      "-9223372036854775808",
      "-9223372036854775809",
      "18446744073709551615",
      "18446744073709551616",
      "123456789012345678901234567890",
      "-123456789012345678901234567890",
      "1.7976931348623157e308",
      "1.7976931348623159e308",
      "1e309",
      "-1e309",
      "1e400",
      "1e-400",
      "-1e-400",
      "5e-324",
      "4.9e-324",
      "2e-324",
      "2.2250738585072011e-308",
      "0.1",
      "1e23",
      "9007199254740993",
      "9007199254740993.0",
      "1e99999999999999999999",
      "1e-99999999999999999999",
      "0e99999999999999999999",
      "[1e309]",
      "{\"a\":1e999,\"b\":1}",
      std::string(400, '9'),
      "-" + std::string(400, '9'),
      "0." + std::string(400, '0') + "1",
      std::string(300, '9') + "e-300",
      "1e0000000000000000000001",
      // strings
      R"("")",
      R"("a")",
      R"(")",
      R"("a)",
      R"("\)",
      R"("\")",
      R"("\"\\\/\b\f\n\r\t")",
      R"("\a")",
      R"("\a0041")",
      R"("\'")",
      R"("\x41")",
      R"("\u0041")",
      R"("\u004")",
      R"("\u004g")",
      R"("\U0041")",
      R"("\u")",
      R"("\u00e9\u20AC")",
      R"("\ud83d\ude00")",
      R"("\uD83D\uDE00")",
      R"("\ud83d")",
      R"("\ud83dx")",
      R"("\ud83d\n")",
      R"("\ud83d\u0041")",
      R"("\ude00")",
      R"("\ude00\ude00")",
      R"("\ud83d\ue000")",
      R"("\ud83d\ud83d\ude00")",
      R"("\ud83d\)",
      R"("\ud83d\u)",
      R"("\ud83d\ude0")",
      R"("\udbff\udfff")",
      R"("\u007f\u0080\u07ff\u0800\ud800\udc00")",
      R"("\uffff\ufffe\u0000")",
      R"("a\u0000b")",
      R"("\u+041")",
      R"("\u 041")",
      "\"\t\"",
      "\"\n\"",
      "\"\x1f\"",
      "\"\x7f\"",
      "\"a\tb\"",
      "'a'",
      "\"" + std::string(70, 'x') + "\\n" + std::string(70, 'y') + "\"",
      // UTF-8
      "\"é€😀\"",
      "\"\x80\"",
      "\"\xBF\"",
      "\"\xC0\x80\"",
      "\"\xC1\xBF\"",
      "\"\xC2\x80\"",
      "\"\xC2\"",
      "\"\xC2",
      "\"\xDF\xBF\"",
      "\"\xE0\x80\x80\"",
      "\"\xE0\x9F\xBF\"",
      "\"\xE0\xA0\x80\"",
      "\"\xED\x9F\xBF\"",
      "\"\xED\xA0\x80\"",
      "\"\xED\xBF\xBF\"",
      "\"\xEE\x80\x80\"",
      "\"\xEF\xBF\xBF\"",
      "\"\xE2\x82\"",
      "\"\xE2\x82",
      "\"\xE2\x28\xA1\"",
      "\"\xF0\x80\x80\x80\"",
      "\"\xF0\x8F\xBF\xBF\"",
      "\"\xF0\x90\x80\x80\"",
      "\"\xF4\x8F\xBF\xBF\"",
      "\"\xF4\x90\x80\x80\"",
      "\"\xF5\x80\x80\x80\"",
      "\"\xF8\x88\x80\x80\x80\"",
      "\"\xFE\"",
      "\"\xFF\"",
      "\"\xF0\x9F\x98\"",
      "{\"\xFF\":1}",
      "[\"\xC3\xA9\",\"\xC3\"]",
      "\xC3\xA9",
      // whole messages
      R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"create_video","arguments":)"
      R"({"prompt":"A \"film\" of caf\u00e9s \ud83d\ude00 – é€😀.","attachments":[{"url":"https://x/y.png"},{}],)"
      R"("n":[-1,0,1.5e3,18446744073709551615,true,false,null]},"_meta":{"progressToken":"t-1"}}})",
      R"([{"jsonrpc":"2.0","id":"a","method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"}])",
  };
  return list;
}

// A text with one to four small faults.
std::string mutate(const std::vector<std::string>& from, std::mt19937& random) {
  static const std::string kAlphabet(
      "{}[]:,\"\\/ "
      "\t\n\r.-+"
      "eE0123456789abcdeftrunlsu\xEF\xBB\xBF\xC3\xA9\xE2\x82\xAC\xF0\x9F\xED\xA0\xFF\x01\x7F'");
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  const auto letter = [&] { return kAlphabet[below(kAlphabet.size())]; };
  std::string text = from[below(from.size())];
  for (std::size_t faults = 1 + below(4); faults > 0; --faults) {
    const std::size_t at = below(text.size() + 1);
    const std::string& other = from[below(from.size())];
    switch (below(6)) {
      case 0:
        if (at < text.size()) text[at] = letter();
        break;
      case 1:
        text.insert(at, 1, letter());
        break;
      case 2:
        text.erase(at, 1 + below(4));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(16)));
        break;
      case 4:
        text.insert(at, other.substr(below(other.size() + 1), below(32)));
        break;
      default:
        text = text.substr(0, at) + other;
        break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("the texts that parsers get wrong are read as nlohmann reads them") {
  for (const std::string& text : texts()) {
    CAPTURE(text);
    CHECK(test::reader_difference(text) == "");
    CHECK(test::reader_difference("[" + text + "]") == "");
    CHECK(test::reader_difference("{\"k\":" + text + ",\"l\":0}") == "");
  }
}

TEST_CASE("mutated texts are read as nlohmann reads them") {
  std::mt19937 random(20260728);
  std::size_t accepted = 0;
  for (int round = 0; round < 40'000; ++round) {
    const std::string text = mutate(texts(), random);
    if (const std::string found = test::reader_difference(text); !found.empty()) {
      FAIL_CHECK(found << ": " << text);
    }
    accepted += fault(text).empty() ? 1 : 0;
  }
  CHECK(accepted > 2'000);
}

TEST_CASE("every text that is cut or goes on after its end is refused") {
  const std::string& whole = texts()[texts().size() - 2];
  CHECK(fault(whole).empty());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK(!fault(whole.substr(0, length)).empty());
  }
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    CHECK(fault(whole + c).empty() == is_blank);
  }
}

TEST_CASE("a NUL byte is refused wherever it stands") {
  const std::string whole = R"( { "a" : [ 1 , "b" , true ] } )";
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    std::string text = whole;
    text.insert(at, 1, '\0');
    CHECK(!fault(text).empty());
  }
}

TEST_CASE("a fault is named by the byte that cannot stand where it does, counted from one") {
  CHECK(fault("{\"a\":tru}") == "not valid JSON at byte 9");
  CHECK(fault("[1,2,") == "not valid JSON at byte 6");
  CHECK(fault("[1,]") == "not valid JSON at byte 4");
  CHECK(fault("{\"a\" 7}") == "not valid JSON at byte 6");
  CHECK(fault("[\"ab\xFF\"]") == "not valid JSON at byte 5");
  CHECK(fault("[\"ab") == "not valid JSON at byte 5");
  CHECK(fault("[] x") == "not valid JSON at byte 4");
  CHECK(fault("[7,1e999]") == "not valid JSON at byte 4");
  CHECK(fault("") == "not valid JSON at byte 1");
}

TEST_CASE("a megabyte of openings is read without a stack") {
  constexpr std::size_t kMany = 1 << 20;
  CHECK(fault(std::string(kMany, '[')) == "nested deeper than 64");
  CHECK(fault(std::string(kMany, '[') + std::string(kMany, ']')) == "nested deeper than 64");
  std::string objects;
  for (std::size_t i = 0; i < kMany / 8; ++i) objects += "{\"a\":[";
  CHECK(fault(objects) == "nested deeper than 64");
}

TEST_CASE("nesting is counted in open containers, not in containers") {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i) text += "[{}],{\"a\":[]},";
  CHECK(fault(text + "0]").empty());
  CHECK(fault(std::string(kMaxDepth, '[') + std::string(kMaxDepth, ']')).empty());
  CHECK(!fault(std::string(kMaxDepth + 1, '[') + std::string(kMaxDepth + 1, ']')).empty());
}
