// Sealed ids. Tries to have one opened that was never handed out, that was altered, or that was
// handed out for something else; and to break what reads the text inside.
//
// The first byte chooses: 't' a task's id, 's' a session's, 'r' the state between two rounds, whose
// text the rest is, sealed as ours; anything else takes the rest for a token.
#include <algorithm>
#include <memory>

#include "base/owner.h"
#include "fakes/manual_clock.h"
#include "fuzz/fuzz_target.h"
#include "mcp/request_state.h"
#include "mcp/task_id.h"
#include "transport/http_session.h"

namespace motion_mcp::fuzz {
namespace {

using base::SealPurpose;

constexpr std::string_view kOwner = "owner";

const base::SealKeys& keys() {
  static const base::SealKeys keys = base::new_seal_keys();
  return keys;
}

struct Readers {
  std::shared_ptr<const base::SealKeySource> source =
      std::make_shared<const base::SealKeySource>(keys());
  fakes::ManualClock clock;
  mcp::TaskIds tasks{source};
  mcp::RequestState states{source, clock};
  const mcp::Caller caller{"motion_0123456789abcdef"};
};

void check_stranger(std::string_view token) {
  const Readers readers;
  require(!readers.tasks.open(token, readers.caller), "a task's id is ours", token);
  require(!readers.states.open(token, kOwner), "a state is ours", token);
  require(!transport::open_session_id(keys(), kOwner, token), "a session's id is ours", token);
  for (const auto purpose : {SealPurpose::access, SealPurpose::refresh, SealPurpose::code,
                             SealPurpose::client, SealPurpose::confirm}) {
    require(!base::open_sealed(keys(), purpose, kOwner, token), "a token is ours", token);
  }
}

// Whatever stands in place of one of its characters, and at its end, a token is good only whole.
void check_altered(SealPurpose purpose, std::string_view audience, const std::string& token,
                   std::string_view text) {
  const std::size_t at = text.size() % token.size();
  std::string altered = token;
  altered[at] = altered[at] == 'A' ? 'B' : 'A';
  require(!base::open_sealed(keys(), purpose, audience, altered), "an altered token is not ours",
          altered);
  require(!base::open_sealed(keys(), purpose, audience, token + "A"), "a longer token is not ours");
  require(!base::open_sealed(keys(), purpose, audience, token.substr(0, at)),
          "a cut token is not ours");
  require(!base::open_sealed(keys(), purpose, std::string(audience) + "2", token),
          "a token is good for one audience");
  const auto other = purpose == SealPurpose::task ? SealPurpose::access : SealPurpose::task;
  require(!base::open_sealed(keys(), other, audience, token), "a token has one purpose");
}

std::string seal(SealPurpose purpose, std::string_view audience, std::string_view text) {
  std::string token = base::seal(keys(), purpose, audience, text);
  const auto opened = base::open_sealed(keys(), purpose, audience, token);
  require(opened && *opened == text, "what was sealed comes back", text);
  check_altered(purpose, audience, token, text);
  return token;
}

void read_task(std::string_view text) {
  const Readers readers;
  const std::string owner = base::owner_id(readers.caller.credential);
  const auto ticket = readers.tasks.open(seal(SealPurpose::task, owner, text), readers.caller);
  const auto line_ends = std::count(text.begin(), text.end(), '\n');
  require(!ticket || line_ends >= 2, "a task has a tool, a time and a state", text);

  const auto id =
      readers.tasks.seal({"tool", readers.clock.wall(), std::string(text)}, readers.caller);
  require(id.has_value() == (text.size() <= mcp::kMaxTaskStateBytes), "a small state fits", text);
  if (!id) return;
  require(id->size() <= mcp::kMaxTaskIdBytes, "an id fits in a header", *id);
  const auto again = readers.tasks.open(*id, readers.caller);
  require(again && again->state == text && again->tool == "tool" &&
              again->created == readers.clock.wall(),
          "a task is found again", text);
}

void read_session(std::string_view text) {
  const std::string id = seal(SealPurpose::session, kOwner, text);
  if (const auto session = transport::open_session_id(keys(), kOwner, id)) {
    require(text.starts_with(session->nonce), "a session has the nonce that it began with", text);
  }
}

void read_state(std::string_view text) {
  Readers readers;
  static_cast<void>(readers.states.open(seal(SealPurpose::state, kOwner, text), kOwner));
  const std::string token = readers.states.seal(text, kOwner);
  const auto again = readers.states.open(token, kOwner);
  require(again && *again == text, "a state comes back", text);
  readers.clock.advance(mcp::RequestState::kLifetime + std::chrono::seconds(1));
  require(!readers.states.open(token, kOwner), "a state ends", text);
}

}  // namespace

void try_bytes(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string_view rest = bytes.substr(1);
  switch (bytes.front()) {
    case 't':
      return read_task(rest);
    case 's':
      return read_session(rest);
    case 'r':
      return read_state(rest);
    default:
      return check_stranger(rest);
  }
}

}  // namespace motion_mcp::fuzz
