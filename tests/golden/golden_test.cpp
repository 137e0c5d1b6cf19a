// The same session in every protocol version, byte for byte. A change of what is sent to hosts
// shows here as a diff to be read, whether it was meant or not.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "golden/transcript.h"

using namespace motion_mcp;

namespace {

const std::string kFolder = MOTION_MCP_SOURCE_DIR "/tests/golden/";

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void check_transcript(const std::string& played, const std::string& path) {
  if (std::getenv("MOTION_MCP_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << played;
    return;
  }
  const std::string expected = read_file(path);
  REQUIRE_MESSAGE(!expected.empty(), path << " is missing");
  std::istringstream have(played);
  std::istringstream want(expected);
  std::string have_line;
  std::string want_line;
  int number = 0;
  while (std::getline(want, want_line)) {
    ++number;
    have_line.clear();
    std::getline(have, have_line);
    REQUIRE_MESSAGE(have_line == want_line, path << ":" << number);
  }
  CHECK_MESSAGE(played.size() == expected.size(), path << " ends before the session does");
}

void check_version(const std::string& version) {
  const std::string script = read_file(kFolder + "session.txt");
  check_transcript(golden::play({script}, version), kFolder + version + ".txt");
}

void check_version_on_http(const std::string& version) {
  const std::string script = read_file(kFolder + "http_session.txt");
  check_transcript(golden::play({script, {}, golden::Over::http}, version),
                   kFolder + "http_" + version + ".txt");
}

void check_clips(const std::string& version) {
  const std::string script = read_file(kFolder + "mosaic.txt");
  check_transcript(golden::play({script, {{"mosaic", "mk_golden_transcript_key"}}}, version),
                   kFolder + "mosaic-" + version + ".txt");
}

void check_proxy(const std::string& version) {
  const std::string script = read_file(kFolder + "motioness.txt");
  check_transcript(golden::play({script, {{"motioness", "pk_golden"}}}, version),
                   kFolder + "motioness-" + version + ".txt");
}

}  // namespace

TEST_CASE("the session in 2024-11-05 is as recorded") {
  check_version("2024-11-05");
}
TEST_CASE("the session in 2025-03-26 is as recorded") {
  check_version("2025-03-26");
}
TEST_CASE("the session in 2025-06-18 is as recorded") {
  check_version("2025-06-18");
}
TEST_CASE("the session in 2025-11-25 is as recorded") {
  check_version("2025-11-25");
}
TEST_CASE("the session in 2026-07-28 is as recorded") {
  check_version("2026-07-28");
}
TEST_CASE("the session on HTTP in 2024-11-05 is as recorded") {
  check_version_on_http("2024-11-05");
}
TEST_CASE("the session on HTTP in 2025-03-26 is as recorded") {
  check_version_on_http("2025-03-26");
}
TEST_CASE("the session on HTTP in 2025-06-18 is as recorded") {
  check_version_on_http("2025-06-18");
}
TEST_CASE("the session on HTTP in 2025-11-25 is as recorded") {
  check_version_on_http("2025-11-25");
}
TEST_CASE("the session on HTTP in 2026-07-28 is as recorded") {
  check_version_on_http("2026-07-28");
}
TEST_CASE("clips for a caller with a Mosaic key, with and without a handshake, are as recorded") {
  check_clips("2025-11-25");
  check_clips("2026-07-28");
}
TEST_CASE("URLs and assets for a caller with a Motioness key, likewise, are as recorded") {
  check_proxy("2025-11-25");
  check_proxy("2026-07-28");
}
