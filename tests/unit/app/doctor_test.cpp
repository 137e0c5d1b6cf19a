// Tries to get a wrong diagnosis: a good key called bad, a fault without a fix, a request that
// could cost something.

#include "app/doctor.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/json_value.h"
#include "base/redact.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "jobs/ledger_file.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

constexpr const char* kNow = "Tue, 28 Apr 2026 23:01:04 GMT";  // the manual clock's

struct Patient {
  Config config;
  fakes::ScriptedHttpClient http;
  fakes::ManualClock clock;
  std::string base_url = "https://api.motion.example/api/motion";
  net::Resolved resolved;
  Result<void> folder;
  Result<void> ledger;
  Result<void> output_dir;

  std::string mosaic_base_url = "https://api.mosaic.example";

  Patient() {
    config.api_key.value = "motion_doctor_key";
    config.data_folder = "/data/motion-mcp";
    config.ledger_path = "/data/motion-mcp/ledger.db";
    config.output_dir = "/data/motion-mcp/videos";
    resolved.addresses = {"192.0.2.7"};
  }

  std::vector<Finding> examined() {
    return examine(
        {config, base_url, config.api_key.value, mosaic_base_url, http, clock,
         [&](const std::string&) { return resolved; }, [&](const std::string&) { return folder; },
         [&](const std::string&) { return ledger; },
         [&](const std::string&) { return output_dir; }},
        {});
  }
  Finding finding(std::string_view check) {
    for (Finding& found : examined()) {
      if (found.check == check) return found;
    }
    FAIL("there is no check " << check);
    return {};
  }
};

void answer_no_such_job(Patient& patient, const char* date = kNow) {
  patient.http.reply(404, R"({"error": "Job not found"})",
                     {{"Content-Type", "application/json"}, {"Date", date}});
}

TEST_CASE("a healthy installation passes every check") {
  Patient patient;
  answer_no_such_job(patient);
  const auto findings = patient.examined();
  CHECK_FALSE(has_failure(findings));
  std::string checks;
  for (const Finding& finding : findings) {
    CAPTURE(finding.check);
    CHECK(finding.health == Health::ok);
    CHECK(finding.fix.empty());
    checks += std::string(finding.check) + " ";
  }
  CHECK(checks == "key folder ledger dns proxy tls api clock ");
}

TEST_CASE("a further service has a check of its own when there is a key for it") {
  Patient patient;
  patient.config.mosaic_key.value = "mk_doctor_key";
  patient.config.motioness_project_key.problem =
      Error{ErrorKind::no_credential, "cannot be read", "Make it readable."};
  answer_no_such_job(patient);
  patient.http.reply(200, R"({"organization_name":"Acme"})");
  patient.http.reply(200, R"({"balance":12.5,"plan":"Pro"})");
  const auto findings = patient.examined();
  std::string checks;
  for (const Finding& finding : findings) checks += std::string(finding.check) + " ";
  CHECK(
      checks ==
      "key folder ledger dns proxy tls api clock mosaic mosaic-ledger motioness motioness-ledger ");
  const Finding& mosaic = findings[8];
  CHECK(mosaic.health == Health::ok);
  CHECK(mosaic.detail == "read from MOSAIC_API_KEY; it answers for \"Acme\", with 12.5 credits");
  CHECK(findings[10].health == Health::failure);
  for (const auto& request : patient.http.sent()) CHECK(request.method == "GET");
}

TEST_CASE("the ledger of a further service is looked at too") {
  Patient patient;
  patient.config.mosaic_key.value = "mk_doctor_key";
  patient.config.mosaic_ledger_path = "/data/motion-mcp/mosaic.db";
  patient.ledger = Error{ErrorKind::unavailable, "/data/motion-mcp/mosaic.db is damaged"};
  answer_no_such_job(patient);
  patient.http.reply(200, "{}");
  patient.http.reply(200, "{}");
  const Finding damaged = patient.finding("mosaic-ledger");
  CHECK(damaged.health == Health::failure);
  CHECK_FALSE(damaged.fix.empty());
}

TEST_CASE("an address of a further service that is none is named by its variable") {
  Patient patient;
  patient.config.mosaic_key.value = "mk_doctor_key";
  patient.mosaic_base_url = "foo";
  answer_no_such_job(patient);
  const Finding wrong = patient.finding("mosaic");
  CHECK(wrong.health == Health::failure);
  CHECK(wrong.detail.find("MOSAIC_API_BASE_URL") != std::string::npos);
  CHECK(patient.http.sent().size() == 1);
}

TEST_CASE("a signing secret without its project key is a warning") {
  Patient patient;
  patient.config.motioness_signing_secret.value = "doctor_secret";
  answer_no_such_job(patient);
  const Finding unused = patient.finding("motioness");
  CHECK(unused.health == Health::warning);
  CHECK(unused.fix.find("MOTIONESS_PROJECT_KEY") != std::string::npos);
}

TEST_CASE("a Mosaic key that is refused fails, credits that cannot be read are a warning") {
  Patient refused;
  refused.config.mosaic_key.value = "mk_doctor_key";
  answer_no_such_job(refused);
  refused.http.reply(401, R"({"error":"invalid_api_key"})");
  CHECK(refused.finding("mosaic").health == Health::failure);

  Patient poor;
  poor.config.mosaic_key.value = "mk_doctor_key";
  answer_no_such_job(poor);
  poor.http.reply(200, "{}");
  poor.http.reply(404, "{}");
  const Finding finding = poor.finding("mosaic");
  CHECK(finding.health == Health::warning);
  CHECK_FALSE(finding.fix.empty());
}

TEST_CASE("a Motioness key is tried for free, and what signs is said") {
  const auto motioness = [](Patient& patient, int status, const char* body) {
    patient.config.motioness_project_key.value = "pk_doctor_key";
    patient.config.motioness_base_url = "https://motioness.example";
    answer_no_such_job(patient);
    patient.http.reply(status, body);
    return patient.finding("motioness");
  };
  Patient plain;
  const Finding allowing = motioness(plain, 404, R"({"error":"not found"})");
  CHECK(allowing.health == Health::ok);
  CHECK(allowing.detail ==
        "read from MOTIONESS_PROJECT_KEY; it answers, and URLs are for allowed origins");
  CHECK(plain.http.sent().at(1).url ==
        "https://motioness.example/v1/pk_doctor_key/events/0000000000000000");

  Patient signing;
  signing.config.motioness_signing_secret.value = "canary-signing-secret";
  const Finding signs = motioness(signing, 404, "{}");
  CHECK(signs.detail.find("URLs are signed") != std::string::npos);
  CHECK(signs.detail.find("canary") == std::string::npos);

  Patient refused;
  CHECK(motioness(refused, 403, R"({"error":"unknown project key"})").health == Health::failure);

  Patient broken;
  broken.config.motioness_project_key.value = "pk_doctor_key";
  broken.config.motioness_signing_secret.problem =
      Error{ErrorKind::no_credential, "is not a Motioness signing secret", "Set it."};
  answer_no_such_job(broken);
  CHECK(broken.finding("motioness").health == Health::failure);
}

TEST_CASE("the one request is a GET for a job that cannot exist") {
  Patient patient;
  answer_no_such_job(patient);
  patient.examined();
  const auto sent = patient.http.sent();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].method == "GET");
  CHECK(sent[0].body.empty());
  CHECK(sent[0].url.find("https://api.motion.example/api/motion/sessions/") == 0);
  CHECK(net::find_header(sent[0].headers, "authorization") == "Bearer motion_doctor_key");
}

TEST_CASE("401 means a bad key") {
  Patient patient;
  patient.http.reply(401, R"({"error": "Mosaic Motion API key authentication required"})");
  const Finding api = patient.finding("api");
  CHECK(api.health == Health::failure);
  CHECK_FALSE(api.fix.empty());
}

TEST_CASE("any other answer could not tell") {
  const std::pair<int, const char*> answers[] = {
      {200, "{}"},
      {404, "<html>not here</html>"},
      {403, "<html>a firewall</html>"},
      {429, "{}"},
      {500, "{}"},
      {503, ""},
      {302, ""},
  };
  for (const auto& answer : answers) {
    CAPTURE(answer.first);
    Patient patient;
    patient.http.reply(answer.first, answer.second);
    const Finding api = patient.finding("api");
    CHECK(api.health == Health::warning);
    CHECK(api.detail.find("could not tell") == 0);
  }
}

TEST_CASE("without a key the API is still reached, and no key is sent") {
  Patient patient;
  patient.config.api_key.value.clear();
  patient.config.api_key.problem = Error{ErrorKind::no_credential, "no key", "Set one."};
  patient.http.reply(401, "{}");
  const auto findings = patient.examined();
  CHECK(findings[0].health == Health::failure);
  CHECK(findings[0].fix == "Set one.");
  CHECK(findings[6].check == "api");
  CHECK(findings[6].health == Health::warning);
  CHECK_FALSE(net::find_header(patient.http.sent()[0].headers, "authorization"));
}

TEST_CASE("a key file that others can read is a warning") {
  const ScratchFolder scratch;
  Patient patient;
  patient.config.api_key.file = scratch.write("key", "motion_doctor_key");
  using std::filesystem::perms;
  std::filesystem::permissions(patient.config.api_key.file, perms::owner_read | perms::group_read);
  answer_no_such_job(patient);
  CHECK(patient.examined()[0].health == Health::warning);

  std::filesystem::permissions(patient.config.api_key.file, perms::owner_read);
  answer_no_such_job(patient);
  CHECK(patient.examined()[0].health == Health::ok);
}

TEST_CASE("a folder that cannot be written is a failure with a way out") {
  Patient patient;
  patient.folder = Error{ErrorKind::internal, "cannot make it"};
  answer_no_such_job(patient);
  const Finding folder = patient.finding("folder");
  CHECK(folder.health == Health::failure);
  CHECK(folder.fix.find("XDG_DATA_HOME") != std::string::npos);
}

TEST_CASE("a folder for videos of one's own is looked at too") {
  Patient patient;
  patient.config.output_dir = "/films";
  patient.output_dir = Error{ErrorKind::invalid_argument, "cannot write to /films"};
  answer_no_such_job(patient);
  const Finding videos = patient.finding("videos");
  CHECK(videos.health == Health::failure);
  CHECK(videos.fix.find("--output-dir") != std::string::npos);
  patient.output_dir = {};
  answer_no_such_job(patient);
  CHECK(patient.finding("videos").health == Health::ok);
}

TEST_CASE("no data folder at all is a warning") {
  Patient patient;
  patient.config.data_folder.clear();
  answer_no_such_job(patient);
  CHECK(patient.finding("folder").health == Health::warning);
}

TEST_CASE("a name that does not resolve is DNS, and what follows is not blamed for it") {
  Patient patient;
  patient.resolved = {};
  patient.http.fail(ErrorKind::unreachable, "the name could not be resolved");
  const auto findings = patient.examined();
  CHECK(findings[3].health == Health::failure);
  CHECK(findings[5].check == "tls");
  CHECK(findings[5].health == Health::skipped);
  CHECK(findings[6].health == Health::skipped);
  CHECK(findings[7].health == Health::skipped);
}

TEST_CASE("a certificate that is refused is a failure of TLS, with the client's own words") {
  Patient patient;
  patient.http.fail(Error{ErrorKind::unreachable, "the certificate was refused", "Set --ca-file."});
  const auto findings = patient.examined();
  CHECK(findings[5].health == Health::failure);
  CHECK(findings[5].detail == "the certificate was refused");
  CHECK(findings[5].fix == "Set --ca-file.");
  CHECK(findings[6].health == Health::skipped);
}

TEST_CASE("a certificate that nobody has seen is not called good") {
  for (const ErrorKind kind : {ErrorKind::cancelled, ErrorKind::internal}) {
    Patient patient;
    patient.http.fail(kind);
    CHECK(patient.finding("tls").health == Health::skipped);
  }
  Patient patient;
  patient.http.fail(ErrorKind::interrupted);
  CHECK(patient.finding("tls").health == Health::ok);
}

TEST_CASE("with a proxy it is the proxy's name that is looked up, and no password that is shown") {
  Patient patient;
  patient.config.https_proxy = "http://user:pass-word@proxy.example:3128";
  answer_no_such_job(patient);
  const auto findings = patient.examined();
  CHECK(findings[3].detail.find("proxy.example") != std::string::npos);
  CHECK(findings[4].detail == "used: proxy.example:3128");
  CHECK(findings_text(findings).find("pass-word") == std::string::npos);
}

TEST_CASE("a proxy that cannot be one is a failure") {
  Patient patient;
  patient.config.https_proxy = "socks5://proxy.example:1";
  patient.http.fail(ErrorKind::unreachable);
  const Finding proxy = patient.finding("proxy");
  CHECK(proxy.health == Health::failure);
  CHECK_FALSE(proxy.fix.empty());
}

TEST_CASE("a host in NO_PROXY needs no proxy") {
  Patient patient;
  patient.config.https_proxy = "http://proxy.example:3128";
  patient.config.no_proxy = "motion.example";
  answer_no_such_job(patient);
  CHECK(patient.finding("proxy").detail.find("not used") == 0);
}

TEST_CASE("a clock that is off by minutes is a warning that says by how much and which way") {
  Patient ahead;
  answer_no_such_job(ahead, "Tue, 28 Apr 2026 22:51:04 GMT");
  CHECK(ahead.finding("clock").detail == "this machine's clock is 600 s ahead of the service's");
  Patient behind;
  answer_no_such_job(behind, "Tue, 28 Apr 2026 23:11:04 GMT");
  CHECK(behind.finding("clock").detail == "this machine's clock is 600 s behind the service's");
  Patient close;
  answer_no_such_job(close, "Tue, 28 Apr 2026 23:02:00 GMT");
  CHECK(close.finding("clock").health == Health::ok);
}

TEST_CASE("a date that cannot be read is nobody's fault") {
  for (const char* date : {"", "yesterday", "2026-04-28T23:01:04Z"}) {
    Patient patient;
    answer_no_such_job(patient, date);
    CHECK(patient.finding("clock").health == Health::skipped);
  }
}

TEST_CASE("a base URL that is none stops the examination with a fix") {
  Patient patient;
  patient.base_url = "ftp://motion.example";
  const auto findings = patient.examined();
  CHECK(findings.back().check == "api");
  CHECK(findings.back().health == Health::failure);
  CHECK(findings.back().fix.find("MOTION_API_BASE_URL") != std::string::npos);
  CHECK(patient.http.sent().empty());
}

TEST_CASE("the key shows in no report") {
  Patient patient;
  base::add_secret(patient.config.api_key.value);
  patient.http.fail(ErrorKind::interrupted, "odd words with motion_doctor_key in them");
  const auto findings = patient.examined();
  CHECK(findings_text(findings).find("doctor_key") == std::string::npos);
  CHECK(findings_json(findings).find("doctor_key") == std::string::npos);
}

TEST_CASE("the JSON report is one document with a verdict") {
  Patient patient;
  answer_no_such_job(patient);
  const Json report = Json::parse(findings_json(patient.examined()));
  CHECK(report["ok"] == true);
  CHECK(report["checks"].size() == 8);
  CHECK(report["checks"][0]["check"] == "key");
  CHECK(report["checks"][0]["result"] == "ok");
}

TEST_CASE("probing makes the folder and leaves nothing in it") {
  const ScratchFolder scratch;
  const std::string folder = scratch / "share/motion-mcp";
  REQUIRE(probe_folder(folder));
  CHECK(std::filesystem::is_empty(folder));
  CHECK((std::filesystem::status(folder).permissions() & std::filesystem::perms::mask) ==
        std::filesystem::perms::owner_all);
  REQUIRE(probe_folder(folder));

  scratch.write("file", "");
  CHECK_FALSE(probe_folder(scratch / "file/motion-mcp"));
}

TEST_CASE("probing the folder for videos refuses what a download does") {
  const ScratchFolder scratch;
  REQUIRE(probe_output_dir(scratch / "films"));
  std::filesystem::create_directory_symlink(scratch / "films", scratch / "link");
  CHECK_FALSE(probe_output_dir(scratch / "link"));
}

TEST_CASE("a ledger that cannot be used is a failure, and none at all a warning") {
  Patient patient;
  patient.ledger = Error{ErrorKind::unavailable, "/data/motion-mcp/ledger.db is damaged"};
  answer_no_such_job(patient);
  const Finding damaged = patient.finding("ledger");
  CHECK(damaged.health == Health::failure);
  CHECK(damaged.detail.find("ledger.db is damaged") != std::string::npos);
  CHECK_FALSE(damaged.fix.empty());

  patient.ledger = Error{ErrorKind::unavailable, "cannot write to it", "Make room."};
  answer_no_such_job(patient);
  CHECK(patient.finding("ledger").fix == "Make room.");

  patient.config.ledger_path.clear();
  answer_no_such_job(patient);
  CHECK(patient.finding("ledger").health == Health::warning);
  patient.config.sandbox = true;
  answer_no_such_job(patient);
  CHECK(patient.finding("ledger").health == Health::skipped);
}

TEST_CASE("probing a ledger writes to it: one that can only be read is none") {
  const ScratchFolder scratch;
  const std::string path = scratch / "ledger.db";
  REQUIRE(jobs::open_ledger_file(path));
  const auto logged = [&] { return std::filesystem::file_size(path + "-wal"); };
  const auto before = logged();
  REQUIRE(probe_ledger(path));
  CHECK(logged() > before);
  auto ledger = jobs::open_ledger_file(path);
  REQUIRE(ledger);
  const auto orders = ledger->query("SELECT count(*) FROM orders");
  REQUIRE(orders);
  CHECK(orders->at(0).integer(0) == 0);
}

TEST_CASE("probing a ledger makes none, and finds a file that is none") {
  const ScratchFolder scratch;
  REQUIRE(probe_ledger(scratch / "ledger.db"));
  CHECK_FALSE(std::filesystem::exists(scratch / "ledger.db"));
  REQUIRE_FALSE(probe_ledger(scratch.write("other.db", "this is no database, but a longer text")));
  CHECK_FALSE(probe_ledger(scratch / "other.db/ledger.db"));
}

}  // namespace
}  // namespace motion_mcp::app
