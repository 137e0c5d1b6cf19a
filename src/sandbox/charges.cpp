#include "sandbox/charges.h"

#include <utility>

#include "base/json_value.h"
#include "base/text.h"

namespace motion_mcp::sandbox {
namespace {

// What users of the vendor's service report for a clip of 15 seconds and for a revision of it.
constexpr int kCreateCredits = 200;
constexpr int kFollowupCredits = 150;

int credits_of(ChargeKind kind) {
  return kind == ChargeKind::create ? kCreateCredits : kFollowupCredits;
}

}  // namespace

void Charges::add(std::string job_id, ChargeKind kind, std::string owner, std::string_view prompt,
                  base::WallTime at) {
  constexpr std::size_t kExcerptCodePoints = 80;
  charges_.push_back(
      {std::move(job_id), kind, std::move(owner), base::clip(prompt, kExcerptCodePoints), at});
}

Json Charges::to_json() const {
  Json list = Json::array();
  std::size_t creates = 0;
  int credits = 0;
  for (const Charge& charge : charges_) {
    const bool is_create = charge.kind == ChargeKind::create;
    creates += is_create ? 1 : 0;
    credits += credits_of(charge.kind);
    list.push_back({{"job_id", charge.job_id},
                    {"kind", is_create ? "create" : "followup"},
                    {"owner", charge.owner},
                    {"prompt", charge.prompt},
                    {"credits", credits_of(charge.kind)},
                    {"at", base::to_rfc3339(charge.at)}});
  }
  return {{"charges", std::move(list)},
          {"totals",
           {{"charges", charges_.size()},
            {"creates", creates},
            {"followups", charges_.size() - creates},
            {"credits", credits},
            {"posts", posts_}}}};
}

}  // namespace motion_mcp::sandbox
