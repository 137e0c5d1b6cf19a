#include "sandbox/motion_api.h"

#include <utility>

#include "base/json_value.h"
#include "base/owner.h"
#include "base/random.h"
#include "base/text.h"
#include "sandbox/clips.h"
#include "sandbox/sources.h"
#include "sandbox/validation.h"

namespace motion_mcp::sandbox {
namespace {

constexpr std::string_view kSessions = "sessions";
constexpr std::string_view kFollowups = "/followups";

constexpr std::string_view kKeyPrefix = "motion_";

// Nothing changes any more unless there is a followup.
bool shows_end(const Json& status_body) {
  if (status_body.at("status") == "failed") return true;
  const Json& output = status_body.at("output");
  return output.is_object() &&
         (output.at("status") == "completed" || output.at("status") == "failed");
}

std::string status_url(const Job& job) {
  return std::string(MotionApi::kPath) + std::string(kSessions) + "/" + job.id;
}

// --- answers, word for word from seed 001 "Errors" unless a comment says otherwise
// ----------------

Reply unauthenticated() {
  return json_reply(401, {{"error", "Mosaic Motion API key authentication required"}});
}

Reply job_not_found() {
  return json_reply(404, {{"error", "Job not found"}});
}

Reply not_completed(std::string_view status) {
  return json_reply(409,
                    {{"error", "followup_requires_completed_job"},
                     {"message", "Followups can only be created for completed Mosaic Motion jobs."},
                     {"status", status}});
}

Reply no_credits() {
  return json_reply(402, {{"error", "insufficient_credits"},
                          {"code", "insufficient_credits_minimum_kickoff_balance"},
                          {"message",
                           "Starting a new Mosaic Motion session requires at least 300 credits in "
                           "your balance."},
                          {"minimum_required_credits", 300},
                          {"current_balance", 0}});
}

// Clients in use know the code; status and the rest of the body are a guess.
Reply pro_feature() {
  return json_reply(403, {{"error", "motion_pro_feature_required"},
                          {"message", "Design systems require a Mosaic Motion Pro or Max plan."}});
}

// The vendor documents no limit: this is what such an answer looks like elsewhere.
Reply rate_limited() {
  Reply reply = json_reply(429, {{"error", "rate_limited"}, {"message", "Too many requests."}});
  reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

// guides/errors names the meaning only: a job could not be created or read.
Reply internal_error() {
  return json_reply(500, {{"error", "Internal server error"}});
}

}  // namespace

MotionApi::MotionApi(const base::Clock& clock, double speed, FileLink file_link)
    : clock_(clock), speed_(speed), file_link_(std::move(file_link)) {}

Reply MotionApi::handle(const Request& request) {
  const std::string key(bearer_key(request, kKeyPrefix));
  if (key.empty()) return unauthenticated();
  const std::string owner = base::owner_id(key);

  std::string_view path = std::string_view(request.target).substr(kPath.size());
  path = path.substr(0, path.find('?'));
  if (path == kSessions) {
    return request.method == "POST" ? create(request, owner) : method_not_allowed("POST");
  }
  if (!path.starts_with(kSessions) || path[kSessions.size()] != '/') {
    return json_reply(404, {{"error", "Not found"}});
  }
  std::string_view job_id = path.substr(kSessions.size() + 1);
  if (job_id.ends_with(kFollowups)) {
    job_id.remove_suffix(kFollowups.size());
    return request.method == "POST" ? follow_up(request, owner, job_id)
                                    : method_not_allowed("POST");
  }
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  return is_read ? status(request, owner, job_id) : method_not_allowed("GET, HEAD");
}

Json MotionApi::ledger() const {
  const std::scoped_lock lock(mutex_);
  return charges_.to_json();
}

Json MotionApi::reads() const {
  const std::scoped_lock lock(mutex_);
  return reads_.to_json();
}

std::string_view MotionApi::file(std::string_view job_id, std::size_t run) const {
  const std::scoped_lock lock(mutex_);
  const auto found = jobs_.find(std::string(job_id));
  if (found == jobs_.end() || run == 0 || run > found->second.runs.size()) return {};
  return clip(found->second.runs[run - 1].aspect_ratio, run);
}

Reply MotionApi::create(const Request& request, const std::string& owner) {
  const std::optional<Json> body = json_body(request);
  const Json issues = body ? issues_of(*body) : not_json_issues();

  const std::scoped_lock lock(mutex_);
  charges_.count_post();
  if (!issues.empty()) return json_reply(400, invalid_request(issues));
  const std::string& prompt = body->at("prompt").get_ref<const std::string&>();
  const Case chosen = case_of(prompt).value_or(Case::usual);
  if (auto refusal = refuse(chosen, owner, request.target, prompt)) return *std::move(refusal);

  const std::string id = base::random_uuid();
  Job& job = jobs_[id];
  job.id = id;
  job.owner = owner;
  return start(job, chosen, *body, ChargeKind::create);
}

// The order of the checks is a guess: body, job, state of the job, account.
Reply MotionApi::follow_up(const Request& request, const std::string& owner,
                           std::string_view job_id) {
  const std::optional<Json> body = json_body(request);
  const Json issues = body ? issues_of(*body) : not_json_issues();

  const std::scoped_lock lock(mutex_);
  charges_.count_post();
  if (!issues.empty()) return json_reply(400, invalid_request(issues));
  Job* job = find(owner, job_id);
  if (job == nullptr) return job_not_found();
  const Moment moment = current_moment(*job, now(), speed_);
  if (moment.status != "completed") return not_completed(moment.status);
  const std::string& prompt = body->at("prompt").get_ref<const std::string&>();
  const Case chosen = case_of(prompt).value_or(Case::usual);
  if (auto refusal = refuse(chosen, owner, request.target, prompt)) return *std::move(refusal);

  return start(*job, chosen, *body, ChargeKind::followup);
}

Reply MotionApi::status(const Request& request, const std::string& owner, std::string_view job_id) {
  const std::scoped_lock lock(mutex_);
  const Job* job = find(owner, job_id);
  if (job == nullptr) return job_not_found();
  const Now moment = now();
  const Json body = status_body(*job, moment, speed_, [&](std::size_t run) {
    return file_link_(request, job->id, run, moment.wall);
  });
  reads_.add(job->id, moment.wall, shows_end(body));
  return json_reply(200, body);
}

std::optional<Reply> MotionApi::refuse(Case chosen, const std::string& owner,
                                       const std::string& target, const std::string& prompt) {
  if (chosen == Case::no_credits) return no_credits();
  if (chosen == Case::pro_feature) return pro_feature();
  if (chosen == Case::error_500) return internal_error();
  if (chosen == Case::rate_limit) {
    std::string attempt = owner + " " + target + " " + prompt;
    if (rate_limited_.erase(attempt) == 0) {
      rate_limited_.insert(std::move(attempt));
      return rate_limited();
    }
  }
  return std::nullopt;
}

Reply MotionApi::start(Job& job, Case chosen, const Json& brief, ChargeKind kind) {
  const std::string former =
      job.runs.empty() ? std::string(kDefaultAspectRatio) : job.runs.back().aspect_ratio;
  const Now accepted = now();
  job.runs.push_back({chosen, accepted, brief.value("aspect_ratio", former), sources_of(brief)});
  charges_.add(job.id, kind, job.owner, brief.at("prompt").get_ref<const std::string&>(),
               accepted.wall);
  if (chosen == Case::charge_then_500) return internal_error();
  return json_reply(202,
                    {{"job_id", job.id}, {"status", "queued"}, {"status_url", status_url(job)}});
}

// Another key's job is unknown, as with the vendor.
Job* MotionApi::find(const std::string& owner, std::string_view job_id) {
  const auto found = jobs_.find(base::to_lower_ascii(job_id));
  return found != jobs_.end() && found->second.owner == owner ? &found->second : nullptr;
}

Now MotionApi::now() const {
  return {clock_.now(), clock_.wall()};
}

}  // namespace motion_mcp::sandbox
