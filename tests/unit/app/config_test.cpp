// Tries to get a setting from the wrong place: a twin that beats its flag, a placeholder taken for
// a value, a key that leaks or is read where it must not be.

#include "app/config.h"

#include <doctest/doctest.h>

#include "base/redact.h"
#include "unit/app/fake_environment.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

Config config_of(const GivenFlags& flags, std::map<std::string, std::string> variables) {
  auto config = read_config(flags, fake_environment(std::move(variables)));
  REQUIRE(config);
  return *config;
}

std::string message_of(const GivenFlags& flags, std::map<std::string, std::string> variables) {
  const auto config = read_config(flags, fake_environment(std::move(variables)));
  REQUIRE_FALSE(config);
  CHECK(config.error().kind == ErrorKind::invalid_argument);
  return config.error().message;
}

TEST_CASE("without flags and variables everything has its default") {
  const Config config = config_of({}, {});
  CHECK(config.api_base_url == "https://api.motion.so/api/motion");
  CHECK(config.toolsets == std::vector<std::string>{"motion", "library", "mosaic", "motioness"});
  CHECK(config.speed == 100);
  CHECK_FALSE(config.listen);
  CHECK(config.log_level == base::LogLevel::warning);
  CHECK_FALSE(config.sandbox);
  CHECK_FALSE(config.read_only);
  CHECK(config.max_wait == std::chrono::seconds(50));
  CHECK(config.data_folder.empty());
}

TEST_CASE("videos come from the vendor's storage, and from a stand-in itself") {
  using Origins = std::vector<std::string>;
  CHECK(config_of({}, {}).media_origins == Origins{"https://storage.googleapis.com"});
  CHECK(
      config_of({}, {{"MOTION_API_BASE_URL", "http://127.0.0.1:8080/api/motion"}}).media_origins ==
      Origins{"https://storage.googleapis.com", "http://127.0.0.1:8080"});
  CHECK(config_of({{"media-origin", "https://a.example, https://*.b.example:8443"}}, {})
            .media_origins == Origins{"https://a.example", "https://*.b.example:8443"});
}

TEST_CASE("what is no origin cannot become part of the card's policy") {
  for (const char* text :
       {"a.example", "https://a.example/", "https://a.example/v", "https://a.example;script-src *",
        "https://a.example https://b.example", "data:", "*", "https://*", "ftp://a.example",
        "https://'unsafe-eval'", "https://a.example?x", "https://user@a.example", "https://"}) {
    CAPTURE(text);
    CHECK(message_of({{"media-origin", text}}, {}).find("--media-origin") != std::string::npos);
  }
}

TEST_CASE("the seal key lies in the data folder unless another place is named") {
  CHECK(config_of({}, {}).seal_key_file.empty());
  const Config usual = config_of({}, {{"HOME", "/home/ada"}});
  CHECK(usual.seal_key_file == "/home/ada/.local/share/motion-mcp/seal.key");
  CHECK_FALSE(usual.seal_key_file_was_given);
  const Config named = config_of({}, {{"HOME", "/home/ada"}, {"MOTION_SEAL_KEY_FILE", "/k"}});
  CHECK(named.seal_key_file == "/k");
  CHECK(named.seal_key_file_was_given);
  CHECK_FALSE(read_config({{"seal-key-file", "rel/x"}}, fake_environment({})));
}

TEST_CASE("every setting can come from its variable") {
  const Config config = config_of({}, {{"MOTION_SANDBOX", "1"},
                                       {"MOTION_SPEED", "2.5"},
                                       {"MOTION_API_BASE_URL", "https://motion.example/api"},
                                       {"MOTION_CA_FILE", "/etc/ca.pem"},
                                       {"MOTION_TOOLSETS", "motion, mosaic"},
                                       {"MOTION_READ_ONLY", "yes"},
                                       {"MOTION_MAX_WAIT", "170"},
                                       {"MOTION_LOG_LEVEL", "debug"},
                                       {"MOTION_LISTEN", "[::1]:8391"},
                                       {"MOTION_WAIT", "true"},
                                       {"MOTION_OUTPUT", "a.mp4"},
                                       {"MOTION_JSON", "on"}});
  CHECK(config.sandbox);
  CHECK(config.speed == 2.5);
  CHECK(config.api_base_url == "https://motion.example/api");
  CHECK(config.ca_file == "/etc/ca.pem");
  CHECK(config.toolsets == std::vector<std::string>{"motion", "mosaic"});
  CHECK(config.read_only);
  CHECK(config.max_wait == std::chrono::seconds(170));
  CHECK(config.log_level == base::LogLevel::debug);
  REQUIRE(config.listen);
  CHECK(config.listen->host == "::1");
  CHECK(config.listen->port == 8391);
  CHECK(config.wait);
  CHECK(config.output == "a.mp4");
  CHECK(config.json);
}

TEST_CASE("a flag beats its variable") {
  const Config config =
      config_of({{"api-base-url", "https://flag.example"}, {"read-only", "false"}},
                {{"MOTION_API_BASE_URL", "https://variable.example"}, {"MOTION_READ_ONLY", "1"}});
  CHECK(config.api_base_url == "https://flag.example");
  CHECK_FALSE(config.read_only);
}

TEST_CASE("a value that is empty or was not substituted counts as unset") {
  const Config config = config_of({{"ca-file", "${user_config.ca_file}"}},
                                  {{"MOTION_API_BASE_URL", "${MOTION_API_BASE_URL}"},
                                   {"MOTION_TOOLSETS", ""},
                                   {"MOTION_API_KEY", "${input:motion-api-key}"},
                                   {"SSL_CERT_FILE", "/etc/ca.pem"}});
  CHECK(config.api_base_url == "https://api.motion.so/api/motion");
  CHECK(config.toolsets == std::vector<std::string>{"motion", "library", "mosaic", "motioness"});
  CHECK(config.ca_file == "/etc/ca.pem");
  CHECK(config.api_key.value.empty());
  CHECK(config.api_key.problem);
}

TEST_CASE("a wrong value names where it came from and what would do") {
  CHECK(message_of({{"speed", "fast"}}, {}).find("--speed must be a number") == 0);
  for (const char* wait : {"0", "-1", "3601", "50s", "1e1", "99999999999999"}) {
    CHECK(message_of({{"max-wait", wait}}, {}) ==
          "--max-wait must be a whole number from 1 to 3600, not \"" + std::string(wait) + "\"");
  }
  CHECK(message_of({}, {{"MOTION_SPEED", "0"}}).find("MOTION_SPEED must be") == 0);
  CHECK(message_of({}, {{"MOTION_SPEED", "1e999"}}).find("MOTION_SPEED must be") == 0);
  CHECK(message_of({{"log-level", "loud"}}, {}).find("--log-level must be debug") == 0);
  CHECK(message_of({}, {{"MOTION_SANDBOX", "maybe"}}).find("MOTION_SANDBOX must be true") == 0);
  for (const char* address : {"8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                              "::1:8080", "[]:1", "host:8o80"}) {
    CAPTURE(address);
    CHECK(message_of({{"listen", address}}, {}).find("--listen must be HOST:PORT") == 0);
  }
}

TEST_CASE("videos go to the data folder or where it is told, never to the working directory") {
  const std::map<std::string, std::string> home = {{"HOME", "/home/me"}};
  CHECK(config_of({}, home).output_dir == "/home/me/.local/share/motion-mcp/videos");
  CHECK(config_of({}, {{"XDG_DATA_HOME", "/data"}}).output_dir == "/data/motion-mcp/videos");
  CHECK(config_of({{"output-dir", "/films"}}, home).output_dir == "/films");
  CHECK(config_of({}, {{"MOTION_OUTPUT_DIR", "/films"}}).output_dir == "/films");
  CHECK(config_of({}, {}).output_dir.empty());
  for (const char* relative : {".", "films", "~/films", "../films"}) {
    CHECK(message_of({{"output-dir", relative}}, home)
              .find("--output-dir must be an absolute path") == 0);
  }
  CHECK(config_of({}, {}).max_download_bytes == 2147483648);
  CHECK(config_of({{"max-download-bytes", "5000000000"}}, {}).max_download_bytes == 5000000000);
  CHECK(message_of({{"max-download-bytes", "2GB"}}, {}).find("--max-download-bytes must be") == 0);
}

TEST_CASE(
    "used authorizations are remembered in the data folder, where it is told to, or in memory") {
  const std::map<std::string, std::string> home = {{"HOME", "/home/me"}};
  CHECK_FALSE(config_of({}, home).http.oauth);
  CHECK(config_of({{"oauth", "true"}}, home).http.oauth);
  CHECK(config_of({}, home).http.oauth_store == "/home/me/.local/share/motion-mcp/oauth.db");
  CHECK_FALSE(config_of({}, home).http.oauth_store_was_given);
  CHECK(config_of({{"oauth-store", "/var/lib/oauth.db"}}, home).http.oauth_store ==
        "/var/lib/oauth.db");
  CHECK(config_of({{"oauth-store", "/var/lib/oauth.db"}}, home).http.oauth_store_was_given);
  CHECK(config_of({{"oauth-store", "memory"}}, home).http.oauth_store.empty());
  CHECK(config_of({{"sandbox", "true"}}, home).http.oauth_store.empty());
  CHECK(config_of({}, {}).http.oauth_store.empty());
}

TEST_CASE("the ledger lies in the data folder, where it is told to, or nowhere") {
  const std::map<std::string, std::string> home = {{"HOME", "/home/me"}};
  CHECK(config_of({}, home).ledger_path == "/home/me/.local/share/motion-mcp/ledger.db");
  const auto path_for = [&](const char* url) {
    return config_of({{"api-base-url", url}}, home).ledger_path;
  };
  CHECK(path_for("https://api.motion.so/api/motion/") == config_of({}, home).ledger_path);
  CHECK(path_for("http://127.0.0.1:8392/api/motion") ==
        path_for("http://127.0.0.1:8392/api/motion/"));
  CHECK(path_for("http://127.0.0.1:8392/api/motion") !=
        path_for("http://127.0.0.1:8393/api/motion"));
  CHECK(path_for("http://127.0.0.1:8392/api/motion").find("/motion-mcp/ledger-") !=
        std::string::npos);
  CHECK(config_of({{"ledger", "/var/lib/motion/ledger.db"}}, home).ledger_path ==
        "/var/lib/motion/ledger.db");
  CHECK(config_of({{"ledger", "off"}}, home).ledger_path.empty());
  CHECK(config_of({{"sandbox", "true"}}, home).ledger_path.empty());
  CHECK(config_of({}, {}).ledger_path.empty());
  CHECK(config_of({}, {{"MOTION_LEDGER", "off"}, {"HOME", "/home/me"}}).ledger_path.empty());
  CHECK(message_of({{"ledger", "ledger.db"}}, home).find("--ledger must be off or an absolute") ==
        0);
  CHECK(config_of({}, home).ledger_keeps_prompts);
  CHECK_FALSE(config_of({{"ledger-prompts", "off"}}, home).ledger_keeps_prompts);
}

TEST_CASE("nobody is asked before credits are spent, unless told so") {
  using Ask = tools::Approvals::Ask;
  CHECK(config_of({}, {}).confirm == Ask::never);
  CHECK(config_of({{"confirm", "never"}}, {{"MOTION_CONFIRM", "always"}}).confirm == Ask::never);
  CHECK(config_of({}, {{"MOTION_CONFIRM", "always"}}).confirm == Ask::always);
  CHECK(message_of({{"confirm", "true"}}, {}) == "--confirm must be never or always, not \"true\"");
}

TEST_CASE("spending is guarded for ten minutes and without a ceiling, or as told") {
  const auto usual = config_of({}, {}).spending;
  CHECK(usual.duplicate_window == std::chrono::minutes(10));
  CHECK(usual.ceilings.per_hour == 0);
  CHECK(usual.ceilings.per_day == 0);
  CHECK(usual.ceilings.in_flight == 0);
  const auto told =
      config_of({{"duplicate-window", "0"}, {"max-jobs-per-hour", "3"}},
                {{"MOTION_MAX_JOBS_PER_DAY", "20"}, {"MOTION_MAX_JOBS_IN_FLIGHT", "2"}})
          .spending;
  CHECK(told.duplicate_window == std::chrono::seconds(0));
  CHECK(told.ceilings.per_hour == 3);
  CHECK(told.ceilings.per_day == 20);
  CHECK(told.ceilings.in_flight == 2);
  for (const char* count : {"-1", "1.5", "ten", "10m", "1000000001"}) {
    CAPTURE(count);
    CHECK(message_of({{"max-jobs-per-day", count}}, {}).find("--max-jobs-per-day must be") == 0);
    CHECK(message_of({{"duplicate-window", count}}, {}).find("--duplicate-window must be") == 0);
  }
}

TEST_CASE("a slash at the end of the base URL does not matter") {
  CHECK(config_of({{"api-base-url", "https://motion.example/api/"}}, {}).api_base_url ==
        "https://motion.example/api");
}

TEST_CASE("the key comes from its variable, and the redactor knows it") {
  const Config config = config_of({}, {{"MOTION_API_KEY", "motion_config-test-key"}});
  CHECK(config.api_key.value == "motion_config-test-key");
  CHECK_FALSE(config.api_key.problem);
  CHECK(base::redact("x config-test-key y").find("config-test-key") != std::string::npos);
  CHECK(base::redact("x motion_config-test-key y") == "x [redacted] y");
}

TEST_CASE("the key file is read without the white space at its end") {
  const ScratchFolder folder;
  const std::string path = folder.write("key", "motion_from_a_file \r\n\n");
  const Config config = config_of({}, {{"MOTION_API_KEY_FILE", path}});
  CHECK(config.api_key.value == "motion_from_a_file");
  CHECK(config.api_key.file == path);
  CHECK_FALSE(config.api_key.problem);
}

TEST_CASE("a key in the environment beats the key file, which is not even opened") {
  const Config config =
      config_of({}, {{"MOTION_API_KEY", "motion_abc"}, {"MOTION_API_KEY_FILE", "/nowhere/at/all"}});
  CHECK(config.api_key.value == "motion_abc");
  CHECK(config.api_key.file.empty());
  CHECK_FALSE(config.api_key.problem);
}

TEST_CASE("a missing, unreadable or odd key is a problem to tell of, never a reason not to start") {
  CHECK(config_of({}, {}).api_key.problem);
  CHECK(config_of({}, {{"MOTION_API_KEY", "sk-of-another-service"}}).api_key.problem);
  CHECK(config_of({}, {{"MOTION_API_KEY", "motion_two words"}}).api_key.problem);

  const Config config = config_of({}, {{"MOTION_API_KEY_FILE", "/nowhere/at/all"}});
  REQUIRE(config.api_key.problem);
  CHECK(config.api_key.problem->kind == ErrorKind::no_credential);
  CHECK(config.api_key.problem->message.find("/nowhere/at/all") != std::string::npos);
  CHECK(config.api_key.problem->message.find("MOTION_API_KEY_FILE") != std::string::npos);
}

TEST_CASE("a key file that never ends is given up") {
  const Config config = config_of({}, {{"MOTION_API_KEY_FILE", "/dev/zero"}});
  REQUIRE(config.api_key.problem);
  CHECK(config.api_key.value.empty());
}

TEST_CASE("the keys of further services come from the environment or their files, or are none") {
  const Config none = config_of({}, {{"MOTION_API_KEY", "motion_abc"}});
  for (const ApiKey* key :
       {&none.mosaic_key, &none.motioness_project_key, &none.motioness_signing_secret}) {
    CHECK(key->value.empty());
    CHECK_FALSE(key->problem);
  }
  CHECK(none.mosaic_base_url == "https://api.mosaic.so");
  CHECK(none.motioness_base_url == "https://motioness.com");

  const ScratchFolder folder;
  const std::string secret = folder.write("secret", "the signing secret's-own-text-1\n");
  const Config given = config_of({}, {{"MOSAIC_API_KEY", "mk_abc"},
                                      {"MOTIONESS_PROJECT_KEY", "pk_abc"},
                                      {"MOTIONESS_SIGNING_SECRET_FILE", secret},
                                      {"MOSAIC_API_BASE_URL", "http://127.0.0.1:1/mosaic/"},
                                      {"MOTIONESS_BASE_URL", "http://127.0.0.1:1/motioness"}});
  CHECK(given.mosaic_key.value == "mk_abc");
  CHECK(given.motioness_project_key.value == "pk_abc");
  CHECK(given.motioness_signing_secret.file == secret);
  CHECK(given.motioness_signing_secret.problem);  // it has blanks
  CHECK(given.mosaic_base_url == "http://127.0.0.1:1/mosaic");
  CHECK(given.motioness_base_url == "http://127.0.0.1:1/motioness");

  const Config odd = config_of({}, {{"MOSAIC_API_KEY", "motion_of_another"},
                                    {"MOTIONESS_PROJECT_KEY", "pk_a/b"},
                                    {"MOTIONESS_SIGNING_SECRET_FILE", "/nowhere/at/all"}});
  CHECK(odd.mosaic_key.problem);
  CHECK(odd.motioness_project_key.problem);
  REQUIRE(odd.motioness_signing_secret.problem);
  CHECK(odd.motioness_signing_secret.problem->message.find("MOTIONESS_SIGNING_SECRET_FILE") !=
        std::string::npos);
}

TEST_CASE("the redactor knows the further secrets; the project key is public") {
  config_of({}, {{"MOSAIC_API_KEY", "mk_canary-of-mosaic"},
                 {"MOTIONESS_PROJECT_KEY", "pk_public_project"},
                 {"MOTIONESS_SIGNING_SECRET", "canary-of-the-signer"}});
  CHECK(base::redact("a canary-of-the-signer b mk_canary-of-mosaic c").find("canary") ==
        std::string::npos);
  CHECK(base::redact("/v1/pk_public_project/").find("pk_public_project") != std::string::npos);
}

TEST_CASE("--ca-file beats SSL_CERT_FILE") {
  CHECK(config_of({}, {{"SSL_CERT_FILE", "/a"}, {"SSL_CERT_DIR", "/d"}}).ca_file == "/a");
  const Config config = config_of({{"ca-file", "/b"}}, {{"SSL_CERT_FILE", "/a"}});
  CHECK(config.ca_file == "/b");
}

TEST_CASE("proxies are read in either case, and their password is hidden") {
  CHECK(config_of({}, {{"HTTPS_PROXY", "http://p:1"}}).https_proxy == "http://p:1");
  const Config config =
      config_of({}, {{"https_proxy", "http://user:proxy-password@p:1"}, {"NO_PROXY", "a,b"}});
  CHECK(config.https_proxy == "http://user:proxy-password@p:1");
  CHECK(config.no_proxy == "a,b");
  CHECK(base::redact("at proxy-password!") == "at [redacted]!");
}

TEST_CASE("the data folder follows XDG and the home folder, absolute paths only") {
  CHECK(config_of({}, {{"HOME", "/home/u"}}).data_folder == "/home/u/.local/share/motion-mcp");
  CHECK(config_of({}, {{"HOME", "/home/u"}, {"XDG_DATA_HOME", "/data"}}).data_folder ==
        "/data/motion-mcp");
  CHECK(config_of({}, {{"HOME", "/home/u"}, {"XDG_DATA_HOME", "data"}}).data_folder ==
        "/home/u/.local/share/motion-mcp");
}

}  // namespace
}  // namespace motion_mcp::app
