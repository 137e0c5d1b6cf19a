#include "motioness/answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/json_value.h"
#include "base/quote.h"
#include "base/text.h"
#include "net/ascii.h"
#include "net/backoff.h"
#include "net/json_answer.h"
#include "net/refusal.h"

namespace motion_mcp::motioness {
namespace {

using base::quote;
using net::text_at;
using std::chrono::milliseconds;
using std::chrono::seconds;

// More is no estimate.
constexpr std::chrono::hours kMaxEta{24};

constexpr std::string_view kAgain = "call get_motion_asset with the same url again";
constexpr const char* kMayHaveBegun =
    "The generation may have begun. It is paid for once, so call get_motion_asset with the same "
    "url again: that is free then.";

struct Answer : net::Refusal {
  std::string error;  // its `error`
};

std::string header(const net::HttpResponse& response, std::string_view name) {
  constexpr std::size_t kMaxBytes = 200;
  const std::string_view value = net::find_header(response.headers, name).value_or("");
  return base::with_valid_utf8(value.substr(0, kMaxBytes));
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// What the body says of it, for an answer without the header.
std::optional<seconds> retry_after_in(const Json& body) {
  const auto text = net::number_at(body, "retry_after_ms");
  const auto count = text ? number(*text) : std::nullopt;
  if (!count) return std::nullopt;
  const std::int64_t most = milliseconds(net::kMaxRetryAfter).count();
  return std::chrono::ceil<seconds>(milliseconds(std::min(*count, most)));
}

Answer answer_in(const net::HttpResponse& response, base::WallTime now) {
  Answer answer{net::take_apart(response, now), {}};
  answer.error = text_at(answer.body, "error");
  if (!answer.retry_after) answer.retry_after = retry_after_in(answer.body);
  return answer;
}

bool says(const Answer& answer, std::string_view words) {
  return net::to_lower(answer.error).find(words) != std::string::npos;
}

// `what (413: "file exceeds 10 MB limit")`
std::string with_answer(std::string_view what, const Answer& answer) {
  std::string text = std::string(what) + " (" + std::to_string(answer.response.status);
  const std::string words = quote(answer.error);
  if (!words.empty()) text += ": " + words;
  return text + ")";
}

Error make_error(ErrorKind kind, std::string_view what, std::string next_step,
                 const Answer& answer) {
  return {kind, with_answer(what, answer), std::move(next_step)};
}

// --- the table -----------------------------------------------------------------------------------

Error forbidden(const Answer& answer) {
  if (says(answer, "origin not in allowlist")) {
    return make_error(
        ErrorKind::invalid_argument,
        "the host of the source is not among the project's allowed origins",
        "Ask the project's owner to add that host in the Motioness dashboard, or take a source on "
        "an allowed one.",
        answer);
  }
  if (says(answer, "unknown project key")) {
    return make_error(ErrorKind::unauthenticated, "Motioness does not know the project key",
                      "Check MOTIONESS_PROJECT_KEY against the Motioness dashboard.", answer);
  }
  if (says(answer, "invalid signature")) {
    return make_error(ErrorKind::unauthenticated, "the URL's signature is wrong, or has expired",
                      "Build the url anew with build_motion_url; when that is refused too, "
                      "MOTIONESS_SIGNING_SECRET is not this project's.",
                      answer);
  }
  if (says(answer, "signing not configured or signature missing")) {
    return make_error(
        ErrorKind::unauthenticated,
        "the URL is signed and the project does not sign, or the other way round",
        "Set MOTIONESS_SIGNING_SECRET when the project signs its URLs and unset it when it allows "
        "origins, then build the url anew with build_motion_url.",
        answer);
  }
  return make_error(
      ErrorKind::unauthenticated, "Motioness refused the project",
      "Check MOTIONESS_PROJECT_KEY and the project's mode in the Motioness dashboard.", answer);
}

Error too_large(const Answer& answer) {
  return make_error(ErrorKind::invalid_argument, "the source picture is too large for Motioness",
                    "Take one of at most 10 MB.", answer);
}

Error unsupported(const Answer& answer) {
  return make_error(ErrorKind::invalid_argument,
                    "the source is none of the kinds of picture that Motioness takes",
                    "Take a PNG, JPEG or WebP picture.", answer);
}

// Three forms, of which one is worth waiting for.
Error too_many(const Answer& answer) {
  const bool is_quota = says(answer, "limit reached") || says(answer, "overage") ||
                        !text_at(answer.body, "upgrade_url").empty();
  if (is_quota) {
    const std::string where = quote(text_at(answer.body, "upgrade_url"));
    return make_error(
        ErrorKind::plan_required, "the project has used up its generations of this month",
        "Waiting does not help: ask the project's owner to change the plan or to allow overage" +
            (where.empty() ? std::string() : " at " + where) +
            ". Assets that exist already are still served.",
        answer);
  }
  Error error = make_error(
      ErrorKind::rate_limited, "Motioness gets too many requests",
      "Wait " + net::wait_in_words(answer) + ", then " + std::string(kAgain) + ".", answer);
  error.retry_after = answer.retry_after;
  return error;
}

// The hint names a route that the vendor's own reference does not have, and the reference's one
// wants a person's session: so it is quoted and not called.
Error failed_for_good(const Answer& answer) {
  std::string what = "the last generation of this asset failed, and Motioness does not try again";
  const std::string hint = quote(text_at(answer.body, "hint"));
  if (!hint.empty()) what += "; its hint, which no key of this server can follow, is " + hint;
  return make_error(
      ErrorKind::conflict, what,
      "Look at the source picture, then have the project's owner regenerate the asset in the "
      "Motioness dashboard, or build a url with another idem, which is another paid generation.",
      answer);
}

Error unavailable(const Answer& answer) {
  Error error = make_error(ErrorKind::unavailable, "Motioness does not answer as it should",
                           std::string(kMayHaveBegun), answer);
  error.retry_after = answer.retry_after;
  error.spent = Spent::unknown;
  return error;
}

Error error_of(const Answer& answer) {
  switch (answer.response.status) {
    case 400:
    case 422:
      return make_error(ErrorKind::invalid_argument, "Motioness cannot read the URL",
                        "Build the url anew with build_motion_url.", answer);
    case 401:
    case 403:
      return forbidden(answer);
    case 404:
      return make_error(ErrorKind::not_found, "Motioness finds nothing at this URL",
                        "Build the url with build_motion_url, and check that the source opens.",
                        answer);
    case 413:
      return too_large(answer);
    case 415:
      return unsupported(answer);
    case 429:
      return too_many(answer);
    case 502:
      return says(answer, "last generation failed") ? failed_for_good(answer) : unavailable(answer);
    default:
      break;
  }
  if (answer.response.status / 100 == 5) return unavailable(answer);
  return make_error(ErrorKind::bad_response, "Motioness gave an answer that its pages do not name",
                    "Ask whoever runs this server to check MOTIONESS_BASE_URL.", answer);
}

// --- what there is -------------------------------------------------------------------------------

Asset asset_in(const Answer& answer) {
  Asset asset;
  asset.id = header(answer.response, "x-motioness-asset-id");
  if (asset.id.empty()) asset.id = text_at(answer.body, "asset_id");
  asset.stage = header(answer.response, "x-motioness-stage");
  asset.loop = header(answer.response, "x-motioness-loop");
  asset.request_id = header(answer.response, "x-request-id");
  if (const auto eta = number(header(answer.response, "x-motioness-eta-ms"))) {
    asset.eta = milliseconds(std::min<std::int64_t>(*eta, milliseconds(kMaxEta).count()));
  }
  asset.retry_after = answer.retry_after;
  return asset;
}

bool is_media(const net::HttpResponse& response) {
  const std::string type = net::to_lower(header(response, "content-type"));
  return type.starts_with("video/") || type.starts_with("image/");
}

struct Wording {
  std::string_view word;
  std::string_view sentence;
};

constexpr std::array kEventWords = {
    Wording{"queued", "The generation is queued."},
    Wording{"vision_started", "The picture is being looked at."},
    Wording{"vision_completed", "The picture is understood."},
    Wording{"vision_failed", "The picture could not be understood."},
    Wording{"stage_started", "A stage has begun"},
    Wording{"stage_completed", "A stage is done"},
    Wording{"stage_failed", "A stage has failed"},
    Wording{"retry_scheduled", "A failed stage will be tried again."},
    Wording{"r2_write_completed", "The video is stored."},
    Wording{"ready", "The video is ready."},
    Wording{"failed", "The generation has failed."},
    Wording{"cancelled", "The generation was cancelled."},
};

constexpr std::array kStageWords = {
    Wording{"queued", "The generation is queued."},
    Wording{"vision", "The picture is being looked at."},
    Wording{"stage1", "The motion is being made (stage 1)."},
    Wording{"stage2", "The motion is being made (stage 2)."},
    Wording{"merge", "The loop is being put together."},
    Wording{"ready", "The video is ready."},
};

template <std::size_t size>
std::string_view find_words(const std::array<Wording, size>& words, std::string_view word) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const Wording& wording) { return wording.word == word; });
  return found == words.end() ? std::string_view() : found->sentence;
}

constexpr std::size_t kMaxWordCodePoints = 40;

}  // namespace

Result<Asset> read_answer(const net::HttpResponse& response, base::WallTime now) {
  const Answer answer = answer_in(response, now);
  Asset asset = asset_in(answer);
  if (response.status == 202) return asset;
  if (response.status != 200) return error_of(answer);
  if (!is_media(response)) {
    Error error =
        make_error(ErrorKind::bad_response, "what is at this URL is neither video nor picture",
                   "Ask whoever runs this server to check MOTIONESS_BASE_URL.", answer);
    error.spent = Spent::unknown;
    return error;
  }
  asset.is_ready = true;
  if (asset.stage.empty()) asset.stage = "ready";
  return asset;
}

Error error_of_silence(Error error) {
  switch (error.kind) {
    case ErrorKind::unreachable:
      if (error.next_step.empty()) {
        error.next_step = "Check the network; motion-mcp doctor says what is wrong.";
      }
      error.next_step += " Nothing was sent, so after that " + std::string(kAgain) + ".";
      return error;
    case ErrorKind::cancelled:
    case ErrorKind::interrupted:
      error.next_step = kMayHaveBegun;
      error.spent = Spent::unknown;
      return error;
    default:
      return error;
  }
}

bool AssetEvent::is_last() const {
  return type == "ready" || type == "failed" || type == "cancelled";
}

AssetEvent read_event(const net::SseEvent& event) {
  const Json body = net::parse_answer(event.data).value_or(Json());
  return {event.type, std::string(text_at(body, "stage")), std::string(text_at(body, "error_code")),
          std::string(text_at(body, "error_msg"))};
}

std::string words_for_event(const AssetEvent& event) {
  const std::string_view known = find_words(kEventWords, event.type);
  if (known.empty()) {
    const std::string type = quote(event.type, kMaxWordCodePoints);
    return type.empty() ? "The generation goes on." : "The service says " + type + ".";
  }
  if (known.ends_with('.')) return std::string(known);
  const std::string stage = quote(event.stage, kMaxWordCodePoints);
  return std::string(known) + (stage.empty() ? std::string() : ": " + stage) + ".";
}

std::string words_for_stage(const std::string& stage) {
  const std::string_view known = find_words(kStageWords, stage);
  if (!known.empty()) return std::string(known);
  const std::string quoted = quote(stage, kMaxWordCodePoints);
  return quoted.empty() ? "The generation goes on." : "The stage is " + quoted + ".";
}

}  // namespace motion_mcp::motioness
