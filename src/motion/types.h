#pragma once

// The Mosaic Motion REST API as types (vendor pages: seeds 000, 001 and 002). Wire keys appear only
// in types.cpp.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace motion_mcp::motion {

struct DesignDocument {
  std::optional<std::string> filename;
  std::string content;
};

// A file that the service fetches itself, without headers or cookies.
struct Attachment {
  std::string url;
  std::optional<std::string> name;
  std::optional<std::string> type;          // image, video, audio, file
  std::optional<std::string> content_type;  // MIME hint
};

// The body of a create or a followup: exactly the fields that were given. Text is valid UTF-8.
struct VideoBrief {
  std::string prompt;
  std::optional<std::string> aspect_ratio;
  std::optional<std::string> duration;
  std::optional<std::string> design_system_id;
  std::optional<std::variant<std::string, DesignDocument>> design_md;
  std::optional<std::string> style_reference_url;
  std::optional<std::vector<Attachment>> attachments;
};

// The answer to an accepted create or followup.
struct Started {
  std::string job_id;      // never empty
  std::string status;      // the vendor's word; empty when it sent none
  std::string status_url;  // a path on the service's host; empty when it sent none
};

// The rendered file of a completed job. Times are the vendor's text.
struct Output {
  std::string status;                       // the vendor's word; empty when it sent none
  std::optional<std::string> download_url;  // signed; lives about an hour
  std::optional<std::string> expires_at;
  std::optional<std::string> completed_at;
  std::optional<std::string> error;  // as in Job
  Json other = Json::object();       // as in Job
};

struct Job {
  std::string job_id;  // never empty
  std::string status;  // the vendor's word, unknown ones included
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
  std::optional<std::string> completed_at;
  // The vendor's text; of an object its `message` or `error`, or else its JSON. Unbounded and not
  // ours: quote() of errors.h makes it fit to show.
  std::optional<std::string> error;
  // What the service said; when it said nothing, whether `status` is awaiting_user_input.
  bool pending_user_input = false;
  std::optional<Output> output;
  Json sources;  // an array, untouched; empty when the service sent none
  // Members that the vendor's pages do not name (yet), untouched, without those that are null.
  Json other = Json::object();
};

// Reads the arguments of create_video or followup_video, already valid against the tool's schema;
// arguments that are not the vendor's (job_id, our own) are left out. to_json writes the same
// fields back, with nothing added.
VideoBrief brief_from_json(const Json& arguments);
Json to_json(const VideoBrief& brief);

// Read a service answer. bad_response, without a next step, when a field that everything depends on
// (job_id; a job's status) is missing, empty or of another type. Any other field of another type
// counts as absent.
Result<Started> started_from_json(const Json& body);
Result<Job> job_from_json(const Json& body);

}  // namespace motion_mcp::motion
