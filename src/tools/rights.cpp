#include "tools/rights.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/quote.h"
#include "base/text.h"
#include "net/ascii.h"

namespace motion_mcp::tools {
namespace {

constexpr std::size_t kMaxWordCodePoints = 60;
constexpr std::string_view kNotGiven = "not given";
constexpr std::string_view kNotShown = "a word that cannot be shown";

// The kinds that seed 000 names in prose; of their spellings it shows `licensed_library` alone, so
// they are known by the start of a word in them.
struct Kind {
  std::string_view word;
  std::string_view origin;
};
constexpr Kind kGenerated{"generat", "generated for the video"};
constexpr std::array kKinds = {
    Kind{"licensed", "from a licensed library"},
    Kind{"article", "taken from an article"},
    Kind{"search", "found by web or image search"},
    Kind{"web", "found by web or image search"},
    Kind{"connector", "from a connected account"},
    Kind{"upload", "uploaded by the user, who has to hold the rights"},
    kGenerated,
    Kind{"unknown", "of unknown origin"},
    Kind{"local", "of unknown origin"},
};

bool has_word_starting_with(std::string_view text, std::string_view start) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  for (std::size_t at = text.find(start); at != std::string_view::npos;
       at = text.find(start, at + 1)) {
    if (at == 0 || !is_letter(text[at - 1])) return true;
  }
  return false;
}

const Kind* kind_named(std::string_view source_kind) {
  const std::string word = net::to_lower(source_kind);
  const auto* const found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) {
    return has_word_starting_with(word, kind.word);
  });
  return found == kKinds.end() ? nullptr : found;
}

std::string_view text_at(const Json& source, const char* key) {
  if (!source.is_object()) return {};
  const auto member = source.find(key);
  if (member == source.end() || !member->is_string()) return {};
  return member->get_ref<const std::string&>();
}

// A stranger's words on one line, bounded; empty when they cannot be shown.
std::string shown(std::string_view text) {
  const std::string quoted = base::quote(text, kMaxWordCodePoints);
  return quoted.empty() ? quoted : quoted.substr(1, quoted.size() - 2);
}

std::string shown_word(std::string_view word) {
  if (word.empty()) return std::string(kNotGiven);
  std::string text = shown(word);
  return text.empty() ? std::string(kNotShown) : text;
}

std::string name_of(const Json& source, std::size_t index) {
  for (const char* key : {"id", "title"}) {
    if (std::string text = shown(text_at(source, key)); !text.empty()) return text;
  }
  return "#" + std::to_string(index + 1);
}

bool is_free_to_publish(const Kind* kind, std::string_view rights_status) {
  const std::string status = net::to_lower(rights_status);
  if (status == "licensed") return true;
  return kind != nullptr && kind->word == kGenerated.word &&
         (status.empty() || status == "unknown" || status == "generated");
}

std::string quoted_word(std::string_view word) {
  return word.empty() ? std::string(kNotGiven) : "\"" + shown_word(word) + "\"";
}

std::string reason_of(const Kind* kind, std::string_view source_kind,
                      std::string_view rights_status) {
  std::string reason;
  if (kind != nullptr) {
    reason = kind->origin;
  } else if (source_kind.empty()) {
    reason = "of a kind that is not given";
  } else {
    reason = "of the kind " + quoted_word(source_kind);
  }
  return reason + ", rights status " + quoted_word(rights_status);
}

Json to_json(const std::map<std::string, std::size_t>& counts) {
  Json object = Json::object();
  for (const auto& [word, count] : counts) object.push_back({word, count});
  return object;
}

}  // namespace

Json rights_digest(const Json& sources) {
  if (!sources.is_array() || sources.empty()) return nullptr;
  std::map<std::string, std::size_t> by_rights_status;
  std::map<std::string, std::size_t> by_source_kind;
  std::map<std::string, std::vector<std::string>> review;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string_view source_kind = text_at(sources[i], "source_kind");
    const std::string_view rights_status = text_at(sources[i], "rights_status");
    ++by_rights_status[shown_word(rights_status)];
    ++by_source_kind[shown_word(source_kind)];
    const Kind* const kind = kind_named(source_kind);
    if (is_free_to_publish(kind, rights_status)) continue;
    review[reason_of(kind, source_kind, rights_status)].push_back(name_of(sources[i], i));
  }

  Json digest = Json::object();
  digest["total"] = sources.size();
  digest["by_rights_status"] = to_json(by_rights_status);
  digest["by_source_kind"] = to_json(by_source_kind);
  for (const auto& [reason, names] : review) {
    digest["review"].push_back({{"reason", reason}, {"sources", names}});
  }
  return digest;
}

std::string rights_text(const Json& digest) {
  const auto counts = [&](const char* key) {
    std::string text;
    for (const auto& [word, count] : digest[key].items()) {
      text += (text.empty() ? "" : ", ") + word + " " + count.dump();
    }
    return text;
  };
  std::string text = "Media used: " + digest["total"].dump() +
                     " (by rights: " + counts("by_rights_status") +
                     "; by kind: " + counts("by_source_kind") + ").";
  if (!digest.contains("review")) return text;
  text += " Look at these before publishing:";
  for (const Json& group : digest["review"]) {
    text += "\n- " + group["reason"].get<std::string>() + ":";
    std::string_view separator = " ";
    for (const Json& name : group["sources"]) {
      text += separator;
      text += name.get_ref<const std::string&>();
      separator = ", ";
    }
  }
  return text;
}

}  // namespace motion_mcp::tools
