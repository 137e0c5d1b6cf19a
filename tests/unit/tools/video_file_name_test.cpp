// Tries to name a file outside the folder, one that hides, or one that another system cannot have.
#include "tools/video_file_name.h"

#include <doctest/doctest.h>

using namespace motion_mcp;
using namespace tools;
using namespace std::string_literals;

TEST_CASE("plain names are taken as they are, with .mp4 at their end") {
  for (const auto& item : {std::pair("launch.mp4"s, "launch.mp4"s),
                           {"launch", "launch.mp4"},
                           {"Launch.MP4", "Launch.MP4"},
                           {"launch.mov", "launch.mov.mp4"},
                           {"mp4", "mp4.mp4"},
                           {"v1.2 final", "v1.2 final.mp4"},
                           {"Größe, Ändern (2)", "Größe, Ändern (2).mp4"},
                           {"映画", "映画.mp4"},
                           {"-rf", "-rf.mp4"}}) {
    const auto& name = item.first;
    const auto& file = item.second;
    CAPTURE(name);
    CHECK(check_file_name(name));
    CHECK(with_mp4(name) == file);
  }
  CHECK(check_file_name(""));
}

TEST_CASE("whatever leads elsewhere, hides or cannot be shown is refused with the way out") {
  for (const std::string& name : {"../a.mp4"s,
                                  "a/../../b"s,
                                  "/etc/passwd"s,
                                  "a/b"s,
                                  "a\\b"s,
                                  "..\\a"s,
                                  "C:a"s,
                                  "."s,
                                  ".."s,
                                  ".a.mp4"s,
                                  ".a.mp4.part"s,
                                  " "s,
                                  "a "s,
                                  " a"s,
                                  "a."s,
                                  "a  b"s,
                                  "a\nb"s,
                                  "a\tb"s,
                                  "a\0b"s,
                                  "\x7f"s
                                  "a"s,
                                  "a\u202Efdp.4pm"s,
                                  "a\u200Eb"s,
                                  "a*"s,
                                  "a?"s,
                                  "a|b"s,
                                  "a<b>"s,
                                  "\"a\""s,
                                  "file:///a"s,
                                  "%2e%2e/a"s,
                                  "motion_0123456789abcdef"s,
                                  std::string(201, 'a')}) {
    CAPTURE(name);
    const auto checked = check_file_name(name);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::invalid_argument);
    CHECK(checked.error().message.find("filename must ") == 0);
    CHECK(checked.error().next_step.find("launch.mp4") != std::string::npos);
  }
}

TEST_CASE("a name of our choice is the prompt's first words and the beginning of the id") {
  const std::string id = "405D47CF-f72b-4852-b570-0de2446dbba1";
  for (const auto& item : {std::pair("A calm ocean"s, "a-calm-ocean-405d47cf.mp4"s),
                           {"", "video-405d47cf.mp4"},
                           {"  ../../etc/passwd\n", "etc-passwd-405d47cf.mp4"},
                           {"映画", "video-405d47cf.mp4"},
                           {"Was für ein Tag!", "was-f-r-ein-tag-405d47cf.mp4"},
                           {"...", "video-405d47cf.mp4"},
                           {"Create a 15 second product launch video for a new AI calendar app.",
                            "create-a-15-second-product-launch-video-for-a-new-405d47cf.mp4"},
                           {std::string(300, 'x'), std::string(50, 'x') + "-405d47cf.mp4"}}) {
    const auto& prompt = item.first;
    const auto& file = item.second;
    CAPTURE(prompt);
    CHECK(file_name_for(prompt, id) == file);
    CHECK(check_file_name(file_name_for(prompt, id)));
  }
}
