#include "sandbox/sources.h"

#include <string>

#include "base/json_value.h"
#include "base/random.h"
#include "sandbox/url.h"

namespace motion_mcp::sandbox {
namespace {

// As JavaScript prints it: 3, not 3.0.
Json number(double value) {
  const auto whole = static_cast<int>(value);
  return whole == value ? Json(whole) : Json(value);
}

Json usage(double start_seconds, double end_seconds, const char* scene, int scene_index,
           const char* slot, const char* element) {
  return {{"start_seconds", number(start_seconds)},
          {"end_seconds", number(end_seconds)},
          {"duration_seconds", number(end_seconds - start_seconds)},
          {"scene_id", scene},
          {"scene_index", scene_index},
          {"slot_key", slot},
          {"element_tag", element}};
}

Json licensed_footage() {
  return {
      {"id", base::random_uuid()},
      {"source_kind", "licensed_library"},
      {"provider", "getty"},
      {"provider_asset_id", "1234567890"},
      {"source_url", "https://www.gettyimages.com/detail/video/example-news-footage/1234567890"},
      {"display_url", "https://media.gettyimages.com/id/1234567890/video/example.jpg"},
      {"source_domain", "gettyimages.com"},
      {"media_type", "video"},
      {"title", "Example news footage"},
      {"credit", "Contributor / Collection"},
      {"rights_status", "licensed"},
      {"usages", Json::array({usage(0, 1.5, "intro", 0, "hero", "video")})},
      {"source_metadata", Json::object()},
      {"rights_metadata", Json::object()}};
}

Json found_picture() {
  return {{"id", base::random_uuid()},
          {"source_kind", "image_search"},
          {"provider", nullptr},
          {"provider_asset_id", nullptr},
          {"source_url", "https://news.example.com/2026/04/calendar"},
          {"display_url", "https://news.example.com/2026/04/calendar.jpg"},
          {"source_domain", "news.example.com"},
          {"media_type", "image"},
          {"title", "Calendar on a desk"},
          {"credit", nullptr},
          {"rights_status", "unknown"},
          {"usages", Json::array({usage(1.5, 2.25, "features", 1, "background", "img"),
                                  usage(2.25, 3, "outro", 2, "background", "img")})},
          {"source_metadata", Json::object()},
          {"rights_metadata", Json::object()}};
}

Json generated_sound() {
  return {{"id", base::random_uuid()},
          {"source_kind", "generated"},
          {"provider", "motion"},
          {"provider_asset_id", nullptr},
          {"source_url", nullptr},
          {"display_url", nullptr},
          {"source_domain", nullptr},
          {"media_type", "audio"},
          {"title", "Voiceover"},
          {"credit", nullptr},
          {"rights_status", "generated"},
          {"usages", Json::array({usage(0, 3, "intro", 0, "voiceover", "audio")})},
          {"source_metadata", Json::object()},
          {"rights_metadata", Json::object()}};
}

Json upload(const Json& attachment) {
  const Json& url = attachment.at("url");
  return {{"id", base::random_uuid()},
          {"source_kind", "upload"},
          {"provider", nullptr},
          {"provider_asset_id", nullptr},
          {"source_url", url},
          {"display_url", nullptr},
          {"source_domain", http_host(url.get_ref<const std::string&>())},
          {"media_type", attachment.value("type", "file")},
          {"title", attachment.contains("name") ? attachment.at("name") : Json()},
          {"credit", nullptr},
          {"rights_status", "user_provided"},
          {"usages", Json::array({usage(0, 1.5, "intro", 0, "foreground", "img")})},
          {"source_metadata", Json::object()},
          {"rights_metadata", Json::object()}};
}

}  // namespace

Json sources_of(const Json& brief) {
  Json sources = Json::array({licensed_footage(), found_picture(), generated_sound()});
  if (brief.contains("attachments")) {
    for (const Json& attachment : brief.at("attachments")) sources.push_back(upload(attachment));
  }
  return sources;
}

}  // namespace motion_mcp::sandbox
