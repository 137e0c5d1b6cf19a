#include "sandbox/validation.h"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_value.h"
#include "base/text.h"
#include "sandbox/cases.h"
#include "sandbox/url.h"

namespace motion_mcp::sandbox {
namespace {

constexpr std::size_t kMaxPromptUnits = 12000;
constexpr std::size_t kMaxAttachments = 10;
constexpr std::size_t kMaxUrlUnits = 4096;
constexpr std::size_t kMaxNameUnits = 240;

using Words = std::initializer_list<const char*>;

// JavaScript's String.length: UTF-16 code units, two for what is beyond the basic plane.
std::size_t utf16_length(std::string_view utf8) {
  std::size_t units = base::count_code_points(utf8);
  for (const char c : utf8) units += static_cast<unsigned char>(c) >= 0xF0 ? 1 : 0;
  return units;
}

const char* zod_type(const Json* value) {
  if (value == nullptr) return "undefined";
  switch (value->type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "boolean";
    case Json::value_t::string:
      return "string";
    case Json::value_t::array:
      return "array";
    case Json::value_t::object:
      return "object";
    default:
      return "number";
  }
}

// nullptr when `object` has no such member.
const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

template <class Step>
Json extended(Json path, Step step) {
  path.push_back(step);
  return path;
}

// Collects issues; each function has Zod's order of keys, and its words.
class Checker {
 public:
  bool is_type(const Json* value, const char* type, const Json& path) {
    return is_type(value, type, type, path);
  }

  // `wanted` is how the message names the type.
  bool is_type(const Json* value, const char* type, const std::string& wanted, const Json& path) {
    const std::string got = zod_type(value);
    if (got == type) return true;
    issues.push_back(
        {{"code", "invalid_type"},
         {"expected", wanted},
         {"received", got},
         {"path", path},
         {"message", value == nullptr ? "Required" : "Expected " + wanted + ", received " + got}});
    return false;
  }

  void at_least_one_character(const std::string& text, const Json& path) {
    if (!text.empty()) return;
    issues.push_back({{"code", "too_small"},
                      {"minimum", 1},
                      {"type", "string"},
                      {"inclusive", true},
                      {"message", "String must contain at least 1 character(s)"},
                      {"path", path}});
  }

  void at_most(std::size_t maximum, std::size_t actual, const char* type, const Json& path) {
    if (actual <= maximum) return;
    const bool is_array = type == std::string_view("array");
    issues.push_back(
        {{"code", "too_big"},
         {"maximum", maximum},
         {"type", type},
         {"inclusive", true},
         {"message", std::string(is_array ? "Array" : "String") + " must contain at most " +
                         std::to_string(maximum) + (is_array ? " element(s)" : " character(s)")},
         {"path", path}});
  }

  void one_of(const Json& value, Words options, const Json& path) {
    std::string listed;
    for (const char* option : options) {
      listed += (listed.empty() ? "'" : " | '") + std::string(option) + "'";
    }
    if (!is_type(&value, "string", listed, path)) return;
    const std::string& text = value.get_ref<const std::string&>();
    for (const char* option : options) {
      if (text == option) return;
    }
    issues.push_back(
        {{"received", text},
         {"code", "invalid_enum_value"},
         {"options", Json(options)},
         {"path", path},
         {"message", "Invalid enum value. Expected " + listed + ", received '" + text + "'"}});
  }

  void invalid_url(const Json& path) {
    issues.push_back({{"validation", "url"},
                      {"code", "invalid_string"},
                      {"message", "Invalid url"},
                      {"path", path}});
  }

  void custom(std::string message, const Json& path) {
    issues.push_back({{"code", "custom"}, {"message", std::move(message)}, {"path", path}});
  }

  // z.union: the issues of every alternative, none of which fits.
  void no_alternative(std::initializer_list<Json> alternatives, const Json& path) {
    Json errors = Json::array();
    for (const Json& alternative : alternatives) {
      errors.push_back({{"issues", alternative}, {"name", "ZodError"}});
    }
    issues.push_back({{"code", "invalid_union"},
                      {"unionErrors", std::move(errors)},
                      {"path", path},
                      {"message", "Invalid input"}});
  }

  Json issues = Json::array();
};

void check_prompt(Checker& check, const Json* prompt) {
  const Json path = {"prompt"};
  if (!check.is_type(prompt, "string", path)) return;
  const std::string& text = prompt->get_ref<const std::string&>();
  check.at_least_one_character(text, path);
  check.at_most(kMaxPromptUnits, utf16_length(text), "string", path);
  if (!case_of(text)) {
    check.custom("The sandbox has no such case. It has: " + case_words(), path);
  }
}

// Absent, or a text.
void check_text(Checker& check, const Json& object, const char* key,
                const Json& parent = Json::array()) {
  const Json* value = member(object, key);
  if (value != nullptr) check.is_type(value, "string", extended(parent, key));
}

void check_design_md(Checker& check, const Json& value) {
  const Json path = {"design_md"};
  Checker as_text;
  if (as_text.is_type(&value, "string", path)) return;
  Checker as_file;
  if (as_file.is_type(&value, "object", path)) {
    check_text(as_file, value, "filename", path);
    as_file.is_type(member(value, "content"), "string", extended(path, "content"));
  }
  if (as_file.issues.empty()) return;
  check.no_alternative({as_text.issues, as_file.issues}, path);
}

void check_style_reference(Checker& check, const Json& value) {
  const Json path = {"style_reference_url"};
  if (!check.is_type(&value, "string", path)) return;
  const std::string host = http_host(value.get_ref<const std::string&>());
  if (host.empty()) {
    check.invalid_url(path);
  } else if (!is_youtube_host(host)) {
    check.custom("Style reference must be a YouTube URL", path);
  }
}

void check_attachment(Checker& check, const Json& value, const Json& path) {
  if (!check.is_type(&value, "object", path)) return;

  const Json* url = member(value, "url");
  const Json url_path = extended(path, "url");
  if (check.is_type(url, "string", url_path)) {
    const std::string& text = url->get_ref<const std::string&>();
    if (http_host(text).empty()) check.invalid_url(url_path);
    check.at_most(kMaxUrlUnits, utf16_length(text), "string", url_path);
  }

  const Json* name = member(value, "name");
  const Json name_path = extended(path, "name");
  if (name != nullptr && check.is_type(name, "string", name_path)) {
    check.at_most(kMaxNameUnits, utf16_length(name->get_ref<const std::string&>()), "string",
                  name_path);
  }

  const Json* type = member(value, "type");
  if (type != nullptr) {
    check.one_of(*type, {"image", "video", "audio", "file"}, extended(path, "type"));
  }
  check_text(check, value, "content_type", path);
}

void check_attachments(Checker& check, const Json& value) {
  const Json path = {"attachments"};
  if (!check.is_type(&value, "array", path)) return;
  check.at_most(kMaxAttachments, value.size(), "array", path);
  for (std::size_t i = 0; i < value.size(); ++i)
    check_attachment(check, value[i], extended(path, i));
}

}  // namespace

Json issues_of(const Json& body) {
  Checker check;
  if (!check.is_type(&body, "object", Json::array())) return check.issues;

  check_prompt(check, member(body, "prompt"));
  if (const Json* ratio = member(body, "aspect_ratio")) {
    check.one_of(*ratio, {"16:9", "9:16", "1:1", "4:5", "21:9"}, {"aspect_ratio"});
  }
  if (const Json* duration = member(body, "duration")) {
    check.one_of(*duration, {"<10s", "10-30s", "30s-1min", "1-5min"}, {"duration"});
  }
  check_text(check, body, "design_system_id");
  if (const Json* design = member(body, "design_md")) check_design_md(check, *design);
  if (const Json* url = member(body, "style_reference_url")) check_style_reference(check, *url);
  if (const Json* attachments = member(body, "attachments")) check_attachments(check, *attachments);
  return check.issues;
}

Json invalid_request(Json issues) {
  return {{"error", "Invalid request"}, {"details", std::move(issues)}};
}

Json not_json_issues() {
  Checker check;
  check.custom("The body is not valid JSON", Json::array());
  return check.issues;
}

}  // namespace motion_mcp::sandbox
