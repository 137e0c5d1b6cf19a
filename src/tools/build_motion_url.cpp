#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "motioness/embeds.h"
#include "motioness/link.h"
#include "tools/error_result.h"
#include "tools/motioness_project.h"
#include "tools/public_url.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {
namespace {

using motioness::Format;

constexpr std::string_view kName = "build_motion_url";
constexpr const char* kCorrect = "Correct the arguments, then call build_motion_url again.";
constexpr std::chrono::hours kLifetime{24 * 7};

std::optional<std::string> text_in(const Json& arguments, const char* name) {
  const auto found = arguments.find(name);
  return found == arguments.end() ? std::nullopt : std::optional(found->get<std::string>());
}

std::optional<std::int64_t> number_in(const Json& arguments, const char* name) {
  const auto found = arguments.find(name);
  return found == arguments.end() ? std::nullopt : std::optional(found->get<std::int64_t>());
}

motioness::AssetSpec spec_from(const Json& arguments) {
  motioness::AssetSpec spec;
  spec.source_url = arguments.at("source_url").get<std::string>();
  spec.motion = text_in(arguments, "motion");
  spec.mode = text_in(arguments, "mode");
  spec.dur = number_in(arguments, "dur");
  spec.prompt = text_in(arguments, "prompt");
  spec.seed = number_in(arguments, "seed");
  spec.aspect = text_in(arguments, "aspect");
  spec.idem = text_in(arguments, "idem");
  return spec;
}

struct Urls {
  std::string video;
  std::string poster;
  bool asks_for_poster = false;

  [[nodiscard]] const std::string& wanted() const { return asks_for_poster ? poster : video; }
};

std::string message_for(const motioness::Link& link, bool has_query) {
  std::string message = "The URL is built; nothing was sent and nothing was spent.";
  if (link.expires_at) {
    message += " It is signed until " + base::to_rfc3339(*link.expires_at) +
               "; whoever has it may vary its settings until then.";
  } else {
    message += " It works when the source's host is among the project's allowed origins.";
  }
  if (has_query && !link.expires_at) {
    message +=
        " How such a URL carries a source with a query is not documented, so look at the poster "
        "first; a project that signs its URLs has no such doubt.";
  }
  return message;
}

std::string next_step_for(const Urls& urls) {
  return "Call get_motion_asset with url=\"" + urls.video +
         "\" and wait_seconds 50 to have the video made, which is paid for once; then hand out the "
         "embeds.";
}

Json embeds_json(const motioness::Embeds& embeds) {
  return {{"img", embeds.img}, {"video", embeds.video},       {"og", embeds.og},
          {"rss", embeds.rss}, {"markdown", embeds.markdown}, {"mdx", embeds.mdx}};
}

mcp::ToolResult built_result(const motioness::Link& link, const Urls& urls,
                             const motioness::Embeds& embeds, bool has_query) {
  const std::string message = message_for(link, has_query);
  const std::string next_step = next_step_for(urls);

  Json structured = Json::object();
  structured["url"] = urls.wanted();
  structured["video_url"] = urls.video;
  structured["poster_url"] = urls.poster;
  structured["signed"] = link.expires_at.has_value();
  if (link.expires_at) structured["expires_at"] = base::to_rfc3339(*link.expires_at);
  structured["embeds"] = embeds_json(embeds);
  structured["message"] = message;
  structured["next_step"] = next_step;

  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(
      message + "\nURL: " + urls.wanted() + "\nPoster: " + urls.poster + "\nHTML: " + embeds.video +
      "\nimg: " + embeds.img + "\nOpen Graph:\n" + embeds.og + "\nRSS: " + embeds.rss +
      "\nMarkdown: " + embeds.markdown + "\nMDX: " + embeds.mdx + "\nNext: " + next_step));
  result.structured_content = std::move(structured);
  return result;
}

Result<mcp::ToolResult> build_motion_url(const Services& services, const mcp::ToolCall& call) {
  const motioness::Project project = TRY(motioness_project(*services.motioness, call.caller));
  const Json& arguments = call.arguments;
  if (arguments.contains("expires_in") && project.signing_secret.empty()) {
    return Error{ErrorKind::invalid_argument,
                 "expires_in is for signed URLs, and this server has no signing secret for the "
                 "project",
                 "Leave expires_in out: the URLs do not expire. Only who runs this server can give "
                 "it MOTIONESS_SIGNING_SECRET."};
  }
  const motioness::AssetSpec spec = spec_from(arguments);
  const std::chrono::seconds lifetime(
      number_in(arguments, "expires_in").value_or(std::chrono::seconds(kLifetime).count()));
  const motioness::Link link =
      TRY(motioness::make_link(project, spec, Format::mp4, services.clock.wall() + lifetime));

  std::optional<std::chrono::milliseconds> wait;
  if (const auto count = number_in(arguments, "wait_ms")) wait = std::chrono::milliseconds(*count);
  const Urls urls{motioness::to_url(project, link, Format::mp4, wait),
                  motioness::to_url(project, link, Format::jpg, std::nullopt),
                  text_in(arguments, "format") == "jpg"};
  const motioness::Embeds embeds = motioness::make_embeds(
      {urls.video, urls.poster, text_in(arguments, "alt").value_or(""), spec.mode.value_or("")});
  return built_result(link, urls, embeds, motioness::has_query(spec.source_url));
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  const std::string source_url = arguments.at("source_url").get<std::string>();
  const auto host = host_of_public_url(source_url, "Motioness");
  if (host) return std::nullopt;
  return error_result(kName, {ErrorKind::invalid_argument, "source_url " + host.error().message,
                              host.error().next_step.empty() ? kCorrect : host.error().next_step});
}

}  // namespace

mcp::ToolCode make_build_motion_url(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, build_motion_url(services, call));
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
