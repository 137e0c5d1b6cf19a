// Tries to find what a host or its model would refuse, cut, or have to guess in a definition: a
// keyword that some model API rejects, a hint or a description left out, a text past its bound.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tools/instructions.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using tools::all_tools;

namespace {

Json definition(const tools::Entry& tool) {
  return Json::parse(tool.definition);
}

// Calls `visit` with every schema in `schema`, the root first.
void walk(const Json& schema, const std::string& path,
          const std::function<void(const Json&, const std::string&)>& visit) {
  visit(schema, path);
  if (schema.contains("properties")) {
    for (const auto& [name, property] : schema["properties"].items()) {
      walk(property, path + "/" + name, visit);
    }
  }
  if (schema.contains("items")) walk(schema["items"], path + "/items", visit);
  if (schema.contains("anyOf")) {
    for (const Json& option : schema["anyOf"]) walk(option, path + "/anyOf", visit);
  }
}

}  // namespace

TEST_CASE("the table holds every file under schemas/, byte for byte, sorted by name") {
  std::set<std::string> files;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(MOTION_MCP_SOURCE_DIR "/schemas")) {
    if (file.path().extension() == ".json") files.insert(file.path().string());
  }
  std::string_view previous;
  for (const auto& tool : all_tools()) {
    CAPTURE(tool.name);
    CHECK(previous < tool.name);
    previous = tool.name;
    const std::string path = std::string(MOTION_MCP_SOURCE_DIR "/schemas/") +
                             std::string(tool.toolset) + "/" + std::string(tool.name) + ".json";
    CHECK(files.erase(path) == 1);
    std::ifstream file(path);
    CHECK(tool.definition == std::string(std::istreambuf_iterator<char>(file), {}));
  }
  CHECK(files.empty());
}

TEST_CASE("every tool has a name that hosts accept, a title and all four hints") {
  const std::regex snake_case("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  for (const auto& tool : all_tools()) {
    CAPTURE(tool.name);
    const Json json = definition(tool);
    CHECK(json["name"] == tool.name);
    CHECK(tool.name.size() <= 40);
    CHECK(std::regex_match(std::string(tool.name), snake_case));
    CHECK(!json["title"].get<std::string>().empty());
    CHECK(json["annotations"]["title"] == json["title"]);
    for (const char* hint :
         {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}) {
      CHECK(json["annotations"][hint].is_boolean());
    }
    CHECK(json["annotations"]["readOnlyHint"] == tool.read_only);
  }
}

TEST_CASE("what spends money is never called read-only or idempotent") {
  for (const char* name : {"create_video", "followup_video"}) {
    const Json hints = definition(test::entry(name))["annotations"];
    CHECK(hints["readOnlyHint"] == false);
    CHECK(hints["idempotentHint"] == false);
  }
  CHECK(test::entry("get_video_status").read_only);
  CHECK(test::entry("list_videos").read_only);
}

TEST_CASE("what writes files of this machine is neither read-only nor destructive, and local") {
  for (const auto& tool : all_tools()) CHECK(tool.is_local == (tool.name == "download_video"));
  const Json hints = definition(test::entry("download_video"))["annotations"];
  CHECK(hints["readOnlyHint"] == false);
  CHECK(hints["destructiveHint"] == false);
  CHECK(hints["idempotentHint"] == true);
  CHECK(hints["openWorldHint"] == true);
}

TEST_CASE("schemas keep to the keywords that every host and both drafts understand") {
  const std::set<std::string> allowed = {
      "type",    "description", "properties", "required", "additionalProperties",
      "enum",    "minLength",   "maxLength",  "minItems", "maxItems",
      "minimum", "maximum",     "items",      "anyOf"};
  for (const auto& tool : all_tools()) {
    CAPTURE(tool.name);
    int unions = 0;
    for (const char* schema : {"inputSchema", "outputSchema"}) {
      walk(definition(tool)[schema], schema, [&](const Json& part, const std::string& path) {
        CAPTURE(path);
        for (const auto& [keyword, value] : part.items()) CHECK(allowed.count(keyword) == 1);
        unions += part.contains("anyOf") ? 1 : 0;
      });
      CHECK(definition(tool)[schema]["type"] == "object");
      CHECK(!definition(tool)[schema].contains("anyOf"));
    }
    CHECK(unions <= 1);
  }
}

TEST_CASE("every property says what it is for") {
  for (const auto& tool : all_tools()) {
    for (const char* schema : {"inputSchema", "outputSchema"}) {
      walk(definition(tool)[schema], std::string(tool.name) + "/" + schema,
           [](const Json& part, const std::string& path) {
             if (!part.contains("properties")) return;
             for (const auto& member : part["properties"].items()) {
               CAPTURE(path + "/" + member.key());
               CHECK(member.value().value("description", "").size() >= 8);
             }
           });
    }
  }
}

TEST_CASE("arguments are closed and results are open") {
  for (const auto& tool : all_tools()) {
    walk(definition(tool)["inputSchema"], std::string(tool.name),
         [](const Json& part, const std::string& path) {
           CAPTURE(path);
           if (part.value("type", "") == "object") CHECK(part["additionalProperties"] == false);
         });
    walk(definition(tool)["outputSchema"], std::string(tool.name),
         [](const Json& part, const std::string& path) {
           CAPTURE(path);
           CHECK(!part.contains("additionalProperties"));
         });
  }
}

TEST_CASE("the video tools describe every member of their result") {
  const std::array members = {"job_id",     "status",       "ready",
                              "message",    "next_step",    "status_url",
                              "timed_out",  "created_at",   "poll_after_seconds",
                              "updated_at", "completed_at", "pending_user_input",
                              "output",     "sources",      "rights",
                              "error"};
  for (const char* name : {"create_video", "followup_video", "get_video_status"}) {
    CAPTURE(name);
    const Json schema = definition(test::entry(name))["outputSchema"];
    for (const char* member : members) CHECK(schema["properties"].contains(member));
    CHECK(schema["required"] == Json({"job_id", "status", "ready", "message", "next_step"}));
  }
}

TEST_CASE("a brief has the vendor's fields and limits, and a followup the same and a job") {
  Json create = definition(test::entry("create_video"))["inputSchema"];
  Json followup = definition(test::entry("followup_video"))["inputSchema"];
  const Json& fields = create["properties"];
  CHECK(fields["prompt"]["minLength"] == 1);
  CHECK(fields["prompt"]["maxLength"] == 12000);
  CHECK(fields["aspect_ratio"]["enum"] == Json({"16:9", "9:16", "1:1", "4:5", "21:9"}));
  CHECK(fields["duration"]["enum"] == Json({"<10s", "10-30s", "30s-1min", "1-5min"}));
  CHECK(!fields["design_system_id"].contains("enum"));
  CHECK(fields["attachments"]["maxItems"] == 10);
  const Json& attachment = fields["attachments"]["items"]["properties"];
  CHECK(attachment["url"]["maxLength"] == 4096);
  CHECK(attachment["name"]["maxLength"] == 240);
  CHECK(attachment["type"]["enum"] == Json({"image", "video", "audio", "file"}));
  CHECK(create["required"] == Json({"prompt"}));
  CHECK(followup["required"] == Json({"job_id", "prompt"}));

  followup["properties"].erase("job_id");
  const auto drop_descriptions = [](Json& schema) {
    const std::function<void(Json&)> drop = [&](Json& part) {
      if (!part.is_structured()) return;
      if (part.is_object()) part.erase("description");
      for (Json& member : part) drop(member);
    };
    drop(schema);
  };
  drop_descriptions(create);
  drop_descriptions(followup);
  CHECK(create["properties"] == followup["properties"]);
}

TEST_CASE("the vendor's own requests are valid arguments") {
  for (const char* example : {"create-request", "create-request-attachment", "create-full-request",
                              "followup-request", "followup-request-reference"}) {
    CAPTURE(example);
    Json arguments = test::vendor_json(example);
    CHECK(mcp::Schema(definition(test::entry("create_video"))["inputSchema"])
              .faults_in(arguments)
              .empty());
    arguments["job_id"] = test::kJobId;
    CHECK(mcp::Schema(definition(test::entry("followup_video"))["inputSchema"])
              .faults_in(arguments)
              .empty());
  }
}

TEST_CASE("texts stay within what hosts show their model") {
  std::size_t list_bytes = 0;
  for (const auto& tool : all_tools()) {
    CAPTURE(tool.name);
    const Json json = definition(tool);
    CHECK(json["description"].get<std::string>().size() < 1024);
    // Those of further services go to who has a key for them.
    if (tools::credential_of(tool.toolset).empty()) list_bytes += json.dump().size();
  }
  // The three video tools are 12.5 KiB of it, a tool that lists 4, one that saves 2. What goes with
  // every conversation is not to grow by more than a tool that is worth it.
  CHECK(list_bytes < 19 * 1024);
}

TEST_CASE("the description of design_system_id names the known ids") {
  const std::string text = definition(
      test::entry("create_video"))["inputSchema"]["properties"]["design_system_id"]["description"];
  for (const char* id :
       {"mosaic",   "apple",  "claude",  "cursor",   "linear",  "vercel", "stripe",
        "figma",    "notion", "spotify", "supabase", "raycast", "framer", "resend",
        "mintlify", "sentry", "tesla",   "nike",     "shopify", "airbnb", "posthog"}) {
    CAPTURE(id);
    CHECK(text.find(id) != std::string::npos);
  }
}

TEST_CASE("the instructions fit and name only tools that are enabled") {
  const auto tools = all_tools();
  const std::string all = tools::compose_instructions(tools, std::chrono::seconds(50));
  CHECK(all.size() < 2048);
  for (const char* name :
       {"create_video", "followup_video", "get_video_status", "list_videos", "download_video"}) {
    CHECK(all.find(name) != std::string::npos);
  }
  CHECK(all.find("no call lists jobs") == std::string::npos);

  std::vector<tools::Entry> read_only;
  std::copy_if(tools.begin(), tools.end(), std::back_inserter(read_only),
               [](const tools::Entry& tool) { return tool.read_only; });
  const std::string reading = tools::compose_instructions(read_only, std::chrono::seconds(20));
  CHECK(reading.find("get_video_status") != std::string::npos);
  CHECK(reading.find("create_video") == std::string::npos);
  CHECK(reading.find("followup_video") == std::string::npos);
  CHECK(reading.find("list_videos") != std::string::npos);

  std::vector<tools::Entry> motion;
  std::copy_if(tools.begin(), tools.end(), std::back_inserter(motion),
               [](const tools::Entry& tool) { return tool.toolset == "motion"; });
  const std::string unlisted = tools::compose_instructions(motion, std::chrono::seconds(50));
  CHECK(unlisted.find("list_videos") == std::string::npos);
  CHECK(unlisted.find("no call lists jobs") != std::string::npos);
  CHECK(reading.find("download_video") == std::string::npos);
  CHECK(tools::compose_instructions({}, std::chrono::seconds(50)).empty());
}
