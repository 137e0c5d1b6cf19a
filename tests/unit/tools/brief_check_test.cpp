// Tries to spend money on what the service cannot use: files of this machine, hosts it cannot
// reach, reference videos that are not on YouTube, a prompt that looks empty; and to be refused
// with what it can.
#include "tools/brief_check.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace motion_mcp;
using tools::check_brief;
using tools::check_job_id;

namespace {

// What is wrong with an attachment of this URL, empty when nothing is.
std::string fault_of_attachment(const std::string& url) {
  motion::VideoBrief brief;
  brief.prompt = "A film.";
  brief.attachments = std::vector<motion::Attachment>{{url, {}, {}, {}}};
  const auto checked = check_brief(brief);
  if (checked) return "";
  CHECK(checked.error().kind == ErrorKind::invalid_argument);
  CHECK(checked.error().spent == Spent::no);
  CHECK(!checked.error().next_step.empty());
  return checked.error().message;
}

std::string fault_of_reference(const std::string& url) {
  motion::VideoBrief brief;
  brief.prompt = "A film.";
  brief.style_reference_url = url;
  const auto checked = check_brief(brief);
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("attachments on the public web pass, however they are written") {
  for (const char* url :
       {"https://storage.example.com/signed/product-photo.png?X-Sig=a%2Fb&e=1#top",
        "http://example.com/a.png", "HTTPS://EXAMPLE.COM/A.PNG", "https://example.com",
        "https://example.com:8443/a", "https://example.com./a", "https://example.com?q=a@b",
        "https://8.8.8.8/a", "https://172.32.0.1/a", "https://[2606:4700::1111]/a",
        "https://xn--bcher-kva.example/a", "https://example.com/bücher.png",
        "https://localhost.example.com/a", "https://1password.com/a"}) {
    CAPTURE(url);
    CHECK(fault_of_attachment(url) == "");
  }
}

TEST_CASE("files of this machine are refused with the way out") {
  for (const char* url : {"file:///home/a/logo.png", "FILE://logo.png", "/home/a/logo.png",
                          "./logo.png", "../logo.png", "~/logo.png", "C:\\pictures\\logo.png",
                          "c:/logo.png", "\\\\server\\logo.png"}) {
    CAPTURE(url);
    CHECK(fault_of_attachment(url) ==
          "attachments[0].url is a file on this machine, which the Motion service cannot read");
  }
  motion::VideoBrief brief;
  brief.prompt = "A film.";
  brief.attachments = std::vector<motion::Attachment>{{"/a.png", {}, {}, {}}};
  CHECK(check_brief(brief).error().next_step ==
        "Upload the file to where a public or signed https URL reaches it, and pass that URL.");
}

TEST_CASE("hosts that only this machine or its network knows are refused") {
  for (const char* host :
       {"localhost",     "LOCALHOST:8080", "localhost.",  "app.localhost",   "printer.local",
        "wiki.internal", "nas.lan",        "intranet",    "127.0.0.1",       "127.1",
        "0x7f000001",    "2130706433",     "0177.0.0.1",  "0.0.0.0",         "10.1.2.3",
        "172.16.0.1",    "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "[::1]",         "[::]",           "[fd00::1]",   "[fe80::1]",       "[::ffff:10.0.0.1]",
        "256.1.1.1"}) {
    CAPTURE(host);
    const std::string fault = fault_of_attachment("http://" + std::string(host) + "/a.png");
    CHECK(fault.find("which the Motion service cannot reach from the internet") !=
          std::string::npos);
  }
}

TEST_CASE("what is no http or https URL is refused") {
  for (const char* url : {"",
                          " ",
                          "logo.png",
                          "example.com/a.png",
                          "www.youtube.com",
                          "//example.com/a",
                          "https:",
                          "https:/example.com",
                          "https://",
                          "https:///a",
                          "https://:80/a",
                          "https://exa mple.com/",
                          "https://example.com/a b",
                          "https://example.com/a\nb",
                          "https://example.com:99999/",
                          "https://example.com:port/",
                          "https://[::1",
                          "https://a:b@example.com/",
                          "ftp://e.com/a",
                          "s3://bucket/a",
                          "data:image/png;base64,AAAA",
                          "gs://bucket/a",
                          "javascript:alert(1)",
                          "https://exa%6dple.com/",
                          "https://-/"}) {
    CAPTURE(url);
    CHECK(fault_of_attachment(url) != "");
  }
}

TEST_CASE("a refusal repeats no more of a URL than its scheme and host") {
  for (const char* url :
       {"https://10.0.0.1/canary?canary#canary", "s3://bucket/canary", "https://e.com/a b?canary",
        "https://user:canary@example.com/", "data:image/png;base64,canary", "/home/canary.png"}) {
    CAPTURE(url);
    CHECK(fault_of_attachment(url).find("canary") == std::string::npos);
  }
}

TEST_CASE("a style reference is a video on YouTube") {
  for (const char* url :
       {"https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://youtube.com/shorts/a",
        "http://m.youtube.com/watch?v=a", "https://music.youtube.com/watch?v=a",
        "https://youtu.be/dQw4w9WgXcQ?t=4", "https://www.youtube-nocookie.com/embed/a",
        "https://youtube-nocookie.com/embed/a", "HTTPS://WWW.YOUTUBE.COM/watch?v=a"}) {
    CAPTURE(url);
    CHECK(fault_of_reference(url) == "");
  }
  for (const char* url :
       {"https://vimeo.com/1", "https://youtube.com.evil.example/watch?v=a",
        "https://evil.example/youtube.com", "https://youtube.com@evil.example/",
        "https://notyoutube.com/", "https://gaming.youtube.com/", "youtube.com/watch?v=a",
        "www.youtube.com/watch?v=a", "dQw4w9WgXcQ", "ftp://youtube.com/a"}) {
    CAPTURE(url);
    CHECK(fault_of_reference(url).starts_with("style_reference_url "));
  }
  CHECK(fault_of_reference("https://vimeo.com/1") ==
        "style_reference_url names \"vimeo.com\", and only YouTube videos are taken");
}

TEST_CASE("a prompt needs something to read in it") {
  motion::VideoBrief brief;
  for (const char* prompt : {"", " ", "\t\r\n", "\u00A0\u2003\u200B\u3000\uFEFF\u2028"}) {
    brief.prompt = prompt;
    REQUIRE(!check_brief(brief));
    CHECK(check_brief(brief).error().message == "prompt holds nothing but white space");
  }
  for (const char* prompt : {".", " a ", "映画", "\u200Ba", "\u2010"}) {
    brief.prompt = prompt;
    CHECK(check_brief(brief));
  }
}

TEST_CASE("every fault is told at once, each way out once") {
  motion::VideoBrief brief;
  brief.prompt = " ";
  brief.attachments = std::vector<motion::Attachment>{
      {"/a.png", {}, {}, {}}, {"https://e.com/a", {}, {}, {}}, {"http://localhost/", {}, {}, {}}};
  const auto checked = check_brief(brief);
  REQUIRE(!checked);
  CHECK(checked.error().message ==
        "prompt holds nothing but white space; attachments[0].url is a file on this machine, which "
        "the Motion service cannot read; attachments[2].url names \"localhost\", which the Motion "
        "service cannot reach from the internet");
  CHECK(checked.error().next_step ==
        "Say in prompt what the video is to be. Upload the file to where a public or signed https "
        "URL reaches it, and pass that URL.");
}

TEST_CASE("a job id is a UUID") {
  CHECK(check_job_id("405d47cf-f72b-4852-b570-0de2446dbba1"));
  CHECK(check_job_id("405D47CF-F72B-4852-B570-0DE2446DBBA1"));
  for (const char* id :
       {"", "405d47cf", "/api/motion/sessions/405d47cf-f72b-4852-b570-0de2446dbba1",
        "405d47cf-f72b-4852-b570-0de2446dbba1/followups", ".."}) {
    CAPTURE(id);
    CHECK(!check_job_id(id));
  }
}
