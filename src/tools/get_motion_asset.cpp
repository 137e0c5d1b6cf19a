#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/owner.h"
#include "base/quote.h"
#include "motioness/client.h"
#include "motioness/wait.h"
#include "tools/error_result.h"
#include "tools/motioness_project.h"
#include "tools/paid_order.h"
#include "tools/tool_table.h"
#include "tools/waiting.h"

namespace motion_mcp::tools {
namespace {

using motioness::Asset;
using motioness::Format;
using motioness::WaitEnd;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kName = "get_motion_asset";
// Of the first GET of a wait: what exists is there at once, what does not is better heard of live.
constexpr milliseconds kFirstLook{1000};
constexpr seconds kUsualPause{5};
constexpr seconds kLongestPause{30};

constexpr Priced kPriced{"a video of the picture from Motioness",
                         "It is one paid generation and counts against the project's monthly "
                         "limit."};

// [guess] A poster is a still of the source and starts no generation: the vendor's pages say that
// it is there at once, and count generations of videos alone.
constexpr bool kPosterIsFree = true;

// One call.
class AssetCall {
 public:
  AssetCall(const Services& services, const mcp::ToolCall& call, motioness::Project project,
            motioness::Link link)
      : services_(services),
        call_(call),
        client_(services.motioness->client),
        project_(std::move(project)),
        link_(std::move(link)),
        patience_(patience_of(call.arguments, services.max_wait)),
        begun_(services.clock.now()) {}

  Result<mcp::ToolResult> run() {
    if (is_expired()) return expired();
    const bool is_free = link_.format == Format::jpg && kPosterIsFree;
    const jobs::PaidOrder order = paid_order();
    if (is_free || services_.motioness->guard.was_placed(order.order)) return answer(get());
    return place_approved(services_.approvals, services_.motioness->guard, call_, order, kPriced,
                          [&](const jobs::Placed&) {
                            return result_or_error(kName, answer(first_ ? *first_ : get()));
                          });
  }

 private:
  [[nodiscard]] bool is_expired() const {
    return link_.expires_at && *link_.expires_at < services_.clock.wall();
  }

  [[nodiscard]] static Error expired() {
    return {ErrorKind::invalid_argument, "the signed url has expired",
            "Build it anew with build_motion_url: the same source and settings are the same asset, "
            "which is not paid for again."};
  }

  // The first GET of an asset, as an order.
  jobs::PaidOrder paid_order() {
    jobs::PaidOrder paid;
    paid.order.owner = base::owner_id(project_.key);
    paid.order.tool = kName;
    paid.order.digest = jobs::order_digest(kName, {{"asset", motioness::asset_identity(link_)}});
    paid.order.prompt = shown_url();
    paid.words = {kName, "asset_id", kName};
    paid.repeats_are_free = true;
    paid.send = [this]() -> Result<motion::Started> {
      first_ = get();
      if (!*first_) return of_a_first_get(first_->error());
      return motion::Started{(*first_)->id, (*first_)->stage, {}};
    };
    return paid;
  }

  // It may have been this GET that began the generation which failed.
  static Error of_a_first_get(Error error) {
    if (error.kind == ErrorKind::conflict) error.spent = Spent::unknown;
    return error;
  }

  Result<Asset> get() {
    const bool waits = patience_.length > seconds(0);
    return client_.get(project_, link_, waits ? kFirstLook : milliseconds(0), call_.stop);
  }

  Result<mcp::ToolResult> answer(Result<Asset> seen) {
    Asset asset = TRY(std::move(seen));
    WaitEnd end{std::move(asset), false};
    if (!end.asset.is_ready && patience_.length > seconds(0)) {
      auto waited = motioness::wait_for_asset(client_, services_.clock, project_, link_, end.asset,
                                              begun_ + patience_.length, call_.stop,
                                              [this](const std::string& words) { report(words); });
      // What this call started is paid for, whatever became of waiting for it.
      if (!waited && first_) {
        Error error = std::move(waited).error();
        error.spent = Spent::unknown;
        return error;
      }
      end = TRY(std::move(waited));
    }
    if (end.asset.is_ready && link_.format == Format::mp4) {
      services_.motioness->guard.note_ready(base::owner_id(project_.key), end.asset.id,
                                            end.asset.stage);
    }
    return result_for(end);
  }

  void report(const std::string& words) {
    // What happens within a millisecond is told all the same: reports have to rise.
    const auto waited = std::chrono::duration_cast<milliseconds>(services_.clock.now() - begun_);
    reported_ = std::max(waited, reported_ + milliseconds(1));
    call_.progress(waiting_progress(reported_, words));
  }

  [[nodiscard]] std::string shown_url() const { return motioness::to_url(project_, link_); }

  [[nodiscard]] std::string next_step(const WaitEnd& end) const {
    if (end.asset.is_ready) {
      return link_.format == Format::mp4
                 ? "Hand out the url, or the embeds of build_motion_url."
                 : "Hand out the url; the video of the same source is the .mp4.";
    }
    return "Call get_motion_asset with the same url and wait_seconds " +
           std::to_string(services_.max_wait.count()) + "; that is free.";
  }

  [[nodiscard]] std::string message(const WaitEnd& end) const {
    if (end.asset.is_ready) {
      return link_.format == Format::mp4 ? "The video is ready." : "The poster is there.";
    }
    std::string text = "The video is being made. " + motioness::words_for_stage(end.asset.stage);
    if (end.timed_out && patience_.was_cut) text += wait_was_cut(services_.max_wait);
    return text;
  }

  [[nodiscard]] mcp::ToolResult result_for(const WaitEnd& end) const {
    const Asset& asset = end.asset;
    Json structured = Json::object();
    structured["url"] = shown_url();
    structured["ready"] = asset.is_ready;
    structured["stage"] = asset.stage;
    if (!asset.id.empty()) structured["asset_id"] = asset.id;
    structured["poster_url"] = motioness::to_url(project_, link_, Format::jpg, std::nullopt);
    structured["message"] = message(end);
    structured["next_step"] = next_step(end);
    if (!asset.is_ready) {
      if (asset.eta) structured["eta_seconds"] = std::chrono::ceil<seconds>(*asset.eta).count();
      structured["poll_after_seconds"] =
          std::min(asset.retry_after.value_or(kUsualPause), kLongestPause).count();
    }
    if (end.timed_out) structured["timed_out"] = true;
    if (!asset.loop.empty()) structured["loop"] = asset.loop;
    if (!asset.request_id.empty()) structured["request_id"] = asset.request_id;

    mcp::ToolResult result;
    std::string text = message(end) + "\nURL: " + shown_url();
    if (!asset.id.empty()) text += "\nAsset " + base::quote(asset.id) + ".";
    result.content.push_back(mcp::text_content(text + "\nNext: " + next_step(end)));
    result.structured_content = std::move(structured);
    return result;
  }

  const Services& services_;
  const mcp::ToolCall& call_;
  const motioness::Client& client_;
  const motioness::Project project_;
  const motioness::Link link_;
  const Patience patience_;
  const base::SteadyTime begun_;
  std::optional<Result<Asset>> first_;  // what the order brought
  milliseconds reported_{0};
};

Result<mcp::ToolResult> get_motion_asset(const Services& services, const mcp::ToolCall& call) {
  motioness::Project project = TRY(motioness_project(*services.motioness, call.caller));
  motioness::Link link =
      TRY(motioness::parse_link(project, call.arguments.at("url").get<std::string>()));
  return AssetCall(services, call, std::move(project), std::move(link)).run();
}

}  // namespace

mcp::ToolCode make_get_motion_asset(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, get_motion_asset(services, call));
  };
  return {run};
}

}  // namespace motion_mcp::tools
