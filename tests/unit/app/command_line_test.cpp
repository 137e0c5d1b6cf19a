// Tries to make the command line mean something else than was written: values that look like flags
// or commands, empty values, JSON that a parser takes apart, flags in odd places.

#include "app/command_line.h"

#include <doctest/doctest.h>

namespace motion_mcp::app {
namespace {

std::optional<Json> fake_tool(std::string_view name) {
  if (name != "make") return std::nullopt;
  return Json::parse(R"({"name": "make", "inputSchema": {"type": "object", "properties": {
      "prompt": {"type": "string"}, "aspect_ratio": {"type": "string"}, "parts": {"type": "array"},
      "again": {"type": "boolean"}}}})");
}

CommandLine parsed(const std::vector<std::string>& args) {
  auto line = parse_command_line(args, fake_tool);
  if (!line) FAIL(line.error().message);
  return *line;
}

Error refused(const std::vector<std::string>& args) {
  const auto line = parse_command_line(args, fake_tool);
  REQUIRE_FALSE(line);
  CHECK(line.error().kind == ErrorKind::invalid_argument);
  return line.error();
}

std::string argument(const CommandLine& line, const std::string& name) {
  for (const ToolArgument& given : line.arguments) {
    if (given.name == name) return given.text;
  }
  return "(not given)";
}

TEST_CASE("no words mean stdio") {
  CHECK(parsed({}).command == CommandName::stdio);
  const CommandLine line = parsed({"--sandbox", "--speed", "5"});
  CHECK(line.command == CommandName::stdio);
  CHECK(line.flags == GivenFlags{{"sandbox", "true"}, {"speed", "5"}});
}

TEST_CASE("flags stand before and after the command, with or without an equals sign") {
  const CommandLine line = parsed({"--toolsets", "motion", "tools", "--read-only=false", "--json"});
  CHECK(line.command == CommandName::tools);
  CHECK(line.flags == GivenFlags{{"toolsets", "motion"}, {"read-only", "false"}, {"json", "true"}});
}

TEST_CASE("a flag's value is never taken for the command") {
  const CommandLine line = parsed({"--toolsets", "doctor", "tools"});
  CHECK(line.command == CommandName::tools);
  CHECK(line.flags == GivenFlags{{"toolsets", "doctor"}});
}

TEST_CASE("call takes the tool, its arguments and flags in any order after the tool") {
  const CommandLine line =
      parsed({"call", "make", "--wait", "--aspect_ratio=9:16", "--prompt", "a b", "--sandbox"});
  CHECK(line.command == CommandName::call);
  CHECK(line.subject == "make");
  CHECK(line.flags == GivenFlags{{"wait", "true"}, {"sandbox", "true"}});
  CHECK(line.arguments.size() == 2);
  CHECK(argument(line, "prompt") == "a b");
  CHECK(argument(line, "aspect_ratio") == "9:16");
}

TEST_CASE("an argument's value is taken as it was written, whatever it looks like") {
  for (const char* value :
       {"--sandbox", "-x", "--", "call", "tools", "-", "", "{}", "[]",
        R"([{"url":"a,b"},{"url":"c"}])", "[a,b]", "\"quoted\"", "a=b", "'", "%%", "--prompt"}) {
    CAPTURE(value);
    const CommandLine line = parsed({"call", "make", "--prompt", value, "--wait"});
    CHECK(argument(line, "prompt") == value);
    CHECK(line.flags == GivenFlags{{"wait", "true"}});
    CHECK(argument(parsed({"call", "make", "--prompt=" + std::string(value)}), "prompt") == value);
  }
}

TEST_CASE("a boolean argument stands alone or has a value") {
  CHECK(argument(parsed({"call", "make", "--again", "--wait"}), "again") == "true");
  CHECK(argument(parsed({"call", "make", "--again", "false"}), "again") == "false");
  CHECK(argument(parsed({"call", "make", "--again=false"}), "again") == "false");
}

TEST_CASE("what is not known is refused with what was probably meant") {
  CHECK(refused({"cal"}).message == "unknown command cal; did you mean call?");
  CHECK(refused({"tools", "--jason"}).message == "unknown argument --jason; did you mean --json?");
  CHECK(refused({"call", "make", "--aspect-ratio", "1:1"}).message ==
        "unknown argument --aspect-ratio; did you mean --aspect_ratio?");
  CHECK(refused({"--api-key", "motion_x"}).message.find("unknown") == 0);
  CHECK(refused({"call", "mak"}).message.find("there is no tool mak") == 0);
  CHECK(refused({"tools", "extra"}).message == "unknown argument extra");
  CHECK(refused({"tools", "--jason"}).next_step == "See motion-mcp tools --help.");
}

TEST_CASE("a flag of another command is refused") {
  CHECK(refused({"sandbox", "--toolsets", "motion"}).message.find("unknown argument") == 0);
  CHECK(refused({"--wait"}).message.find("unknown argument --wait") == 0);
}

TEST_CASE("what is incomplete or given twice is refused") {
  refused({"--speed"});
  refused({"call", "make", "--prompt"});
  refused({"call", "make", "--prompt", "a", "--prompt", "b"});
}

TEST_CASE("call without a tool is left to be told about") {
  const CommandLine line = parsed({"call"});
  CHECK(line.command == CommandName::call);
  CHECK(line.subject.empty());
}

TEST_CASE("help is recognized anywhere, and beside a mistake") {
  CHECK(parsed({"--help"}).wants_help);
  CHECK(parsed({"-h"}).wants_help);
  CHECK(parsed({"call", "--help"}).wants_help);
  CHECK(parsed({"call", "make", "--help"}).subject == "make");
  CHECK(parsed({"tools", "--jason", "--help"}).wants_help);
  CHECK(parsed({"--version"}).wants_version);
}

TEST_CASE("print-config takes a host") {
  CHECK(parsed({"print-config", "cursor", "--sandbox"}).subject == "cursor");
  CHECK(parsed({"print-config"}).subject.empty());
  refused({"print-config", "cursor", "vscode"});
}

}  // namespace
}  // namespace motion_mcp::app
