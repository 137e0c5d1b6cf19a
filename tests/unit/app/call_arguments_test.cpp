// Tries to get a value to the server as another type than its schema has, or a file's name instead
// of its content.

#include "app/call_arguments.h"

#include <doctest/doctest.h>

namespace motion_mcp::app {
namespace {

const Json kSchema = Json::parse(R"({"type": "object", "properties": {
    "prompt": {"type": "string"},
    "count": {"type": "integer"},
    "ratio": {"type": "number"},
    "again": {"type": "boolean"},
    "parts": {"type": "array"},
    "extra": {"type": "object"},
    "design": {"anyOf": [{"type": "string"}, {"type": "object"}]}}})");

Result<std::string> fake_file(const std::string& path) {
  if (path == "brief.md") return std::string("A brief.\nTwo lines.\n");
  if (path == "design.json") return std::string("{\"filename\": \"D.md\", \"content\": \"x\"}\n");
  if (path == "-") return std::string("from stdin\r\n");
  if (path == "latin1") return std::string("\xe9t\xe9");
  return Error{ErrorKind::invalid_argument, "cannot open " + path};
}

Json value(const std::string& name, const std::string& text) {
  const auto arguments = typed_arguments(kSchema, {{name, text}}, fake_file);
  if (!arguments) FAIL(arguments.error().message);
  return (*arguments)[name];
}

std::string refusal(const std::string& name, const std::string& text) {
  const auto arguments = typed_arguments(kSchema, {{name, text}}, fake_file);
  REQUIRE_FALSE(arguments);
  CHECK(arguments.error().kind == ErrorKind::invalid_argument);
  return arguments.error().message;
}

TEST_CASE("text stays text, whatever it would be as JSON") {
  for (const char* text : {"a", "", "42", "true", "null", "{}", "[1]", "\"a\""}) {
    CAPTURE(text);
    CHECK(value("prompt", text) == Json(text));
  }
}

TEST_CASE("numbers and booleans are converted") {
  CHECK(value("count", "50").dump() == "50");
  CHECK(value("count", "-3").dump() == "-3");
  CHECK(value("ratio", "0.5").dump() == "0.5");
  CHECK(value("again", "true") == Json(true));
  CHECK(value("again", "false") == Json(false));
}

TEST_CASE("objects and arrays are JSON, in the order written") {
  CHECK(value("parts", R"([{"url": "u", "name": "n"}])").dump() == R"([{"url":"u","name":"n"}])");
  CHECK(value("extra", R"({"b": 1, "a": 2})").dump() == R"({"b":1,"a":2})");
}

TEST_CASE("where text or an object may stand, only a JSON object is an object") {
  CHECK(value("design", "# Colours").is_string());
  CHECK(value("design", "[1]") == Json("[1]"));
  CHECK(value("design", R"({"filename": "D.md"})").is_object());
  CHECK(value("design", "@design.json")["content"] == "x");
}

TEST_CASE("@FILE and - are replaced by what they hold, without the last line break") {
  CHECK(value("prompt", "@brief.md") == Json("A brief.\nTwo lines."));
  CHECK(value("prompt", "-") == Json("from stdin"));
}

TEST_CASE("@@ writes a text that begins with @") {
  CHECK(value("prompt", "@@mosaic") == Json("@mosaic"));
  CHECK(value("prompt", "@") == Json("@"));
}

TEST_CASE("what cannot be converted is refused by the name of its flag") {
  CHECK(refusal("count", "many") == "--count takes a number");
  CHECK(refusal("ratio", "inf") == "--ratio takes a number");
  CHECK(refusal("again", "perhaps") == "--again takes true or false");
  CHECK(refusal("parts", "{") == "--parts takes JSON, or @FILE with JSON in it");
  CHECK(refusal("prompt", "@missing").find("--prompt could not be read: cannot open missing") == 0);
  CHECK(refusal("prompt", "@missing").find("@@") != std::string::npos);
  CHECK(refusal("prompt", "@latin1") == "--prompt is not UTF-8 text");
  CHECK(refusal("prompt", "\xff") == "--prompt is not UTF-8 text");
}

}  // namespace
}  // namespace motion_mcp::app
