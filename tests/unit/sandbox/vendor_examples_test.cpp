// The sandbox stands where the vendor's API stands: for every example on the vendor's pages it must
// answer with the same keys, in the same order, with values of the same types.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "unit/sandbox/driver.h"

using namespace motion_mcp;
using namespace motion_mcp::sandbox;

namespace {

std::string vendor_text(const std::string& name) {
  std::ifstream file(std::string(MOTION_MCP_SOURCE_DIR) + "/tests/fixtures/vendor/" + name +
                     ".json");
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Json vendor(const std::string& name) {
  return Json::parse(vendor_text(name));
}

std::string type_name(const Json& value) {
  return value.is_number() ? "number" : value.type_name();
}

enum class Nulls { as_in_example, anywhere };

// Empty, or where `actual` first departs from the shape of `example`. The first element of an array
// has the shape of the example's first; in further ones any scalar may be null.
std::string difference(const Json& example, const Json& actual, Nulls nulls = Nulls::as_in_example,
                       const std::string& path = "$") {
  if (nulls == Nulls::anywhere && actual.is_null()) return "";
  if (type_name(example) != type_name(actual)) {
    return path + ": " + type_name(actual) + " instead of " + type_name(example);
  }
  if (example.is_object()) {
    auto expected = example.begin();
    auto got = actual.begin();
    for (; expected != example.end() && got != actual.end(); ++expected, ++got) {
      if (expected.key() != got.key()) return path + ": " + got.key() + " before " + expected.key();
      std::string found = difference(*expected, *got, nulls, path + "." + got.key());
      if (!found.empty()) return found;
    }
    if (expected != example.end()) return path + ": no " + expected.key();
    if (got != actual.end()) return path + ": has " + got.key();
  }
  if (example.is_array()) {
    if (example.empty() != actual.empty()) return path + ": one is empty";
    for (std::size_t i = 0; i < actual.size(); ++i) {
      std::string found = difference(example[0], actual[i], i == 0 ? nulls : Nulls::anywhere,
                                     path + "[" + std::to_string(i) + "]");
      if (!found.empty()) return found;
    }
  }
  return "";
}

Reply post(Driver& driver, const std::string& path, const std::string& example) {
  return driver.send("POST", path, vendor_text(example));
}

}  // namespace

TEST_CASE("the comparison of shapes finds order, absence, excess and type") {
  const Json example = {{"a", 1}, {"b", {{"c", nullptr}}}};
  CHECK(difference(example, {{"a", 2.5}, {"b", {{"c", nullptr}}}}).empty());
  CHECK_FALSE(difference(example, {{"b", {{"c", nullptr}}}, {"a", 1}}).empty());
  CHECK_FALSE(difference(example, {{"a", 1}}).empty());
  CHECK_FALSE(difference(example, {{"a", 1}, {"b", {{"c", nullptr}}}, {"d", 1}}).empty());
  CHECK_FALSE(difference(example, {{"a", 1}, {"b", {{"c", "x"}}}}).empty());
  CHECK_FALSE(difference({{"a", {1}}}, {{"a", Json::array()}}).empty());
}

TEST_CASE("every request of the vendor's is accepted with the vendor's answer") {
  Driver driver;
  for (const char* request :
       {"create-request", "create-request-attachment", "create-full-request"}) {
    CAPTURE(request);
    const Reply reply = post(driver, std::string(kSessionsPath), request);
    CHECK(reply.status == 202);
    const Json body = Driver::json(reply);
    CHECK(difference(vendor("create-response"), body) == "");
    CHECK(body.at("status") == "queued");
    CHECK(body.at("status_url") == Driver::job_path(body.at("job_id")));
  }
}

TEST_CASE("every followup of the vendor's is accepted with the vendor's answer") {
  for (const char* request : {"followup-request", "followup-request-reference"}) {
    CAPTURE(request);
    Driver driver;
    const std::string job_id = driver.start("a film");
    driver.finish(job_id);
    const Reply reply = post(driver, Driver::job_path(job_id) + "/followups", request);
    CHECK(reply.status == 202);
    CHECK(difference(vendor("create-response"), Driver::json(reply)) == "");
    CHECK(Driver::json(reply).at("job_id") == job_id);
  }
}

TEST_CASE("a running job looks like the vendor's") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  driver.clock.advance(std::chrono::minutes(2));
  const Json body = driver.status(job_id);
  CHECK(body.at("status") == "running");
  CHECK(difference(vendor("status-running"), body) == "");

  // The older page shows the same answer without its last two fields.
  Json older = body;
  older.erase("output");
  older.erase("sources");
  CHECK(difference(vendor("status-running-no-output"), older) == "");
}

TEST_CASE("a finished job looks like the vendor's, and keeps its relations between times") {
  Driver driver;
  const std::string job_id =
      Driver::json(post(driver, std::string(kSessionsPath), "create-full-request")).at("job_id");
  const Json body = driver.finish(job_id);
  CHECK(body.at("status") == "completed");
  CHECK(difference(vendor("status-completed"), body) == "");

  for (const Json& job : {vendor("status-completed"), body}) {
    const auto time = [](const Json& text) {
      return base::parse_rfc3339(text.get_ref<const std::string&>()).value();
    };
    const Json& output = job.at("output");
    CHECK(time(job.at("created_at")) < time(job.at("completed_at")));
    CHECK(time(job.at("completed_at")) < time(output.at("completed_at")));
    CHECK(time(output.at("completed_at")) <= time(job.at("updated_at")));
    CHECK(time(output.at("expires_at")) - time(job.at("updated_at")) == std::chrono::hours(1));
  }
}

TEST_CASE("errors are the vendor's, word for word") {
  Driver driver;
  Json crowded = {{"prompt", "a film"}, {"attachments", Json::array()}};
  for (int i = 0; i < 11; ++i)
    crowded["attachments"].push_back({{"url", "https://a.example/x.png"}});
  const Reply invalid = driver.create(crowded);
  CHECK(invalid.status == 400);
  CHECK(Driver::json(invalid).dump() == vendor("error-400").dump());

  const Reply poor = driver.create("sandbox:no-credits");
  CHECK(poor.status == 402);
  CHECK(Driver::json(poor).dump() == vendor("error-402").dump());

  const Reply unknown = driver.get("405d47cf-f72b-4852-b570-0de2446dbba1");
  CHECK(unknown.status == 404);
  CHECK(Driver::json(unknown).dump() == vendor("error-404").dump());

  const std::string job_id = driver.start("a film");
  driver.clock.advance(std::chrono::minutes(2));
  const Reply early = driver.follow_up(job_id, "faster");
  CHECK(early.status == 409);
  CHECK(Driver::json(early).dump() == vendor("error-409").dump());

  driver.key = "mk_other_product";
  const Reply stranger = driver.create("a film");
  CHECK(stranger.status == 401);
  CHECK(Driver::json(stranger).dump() == vendor("error-401").dump());
}
