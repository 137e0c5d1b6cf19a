#pragma once

// What the media in a video mean for publishing it. Sources and their words: seed 000, "Poll job
// status". A digest for the eye, not a legal clearance; the sources themselves stay as they came.

#include <string>

#include "base/json_value.h"

namespace motion_mcp::tools {

// {total, by_rights_status, by_source_kind, review: [{reason, sources: [id]}]}. Counts are under
// the service's own words, "not given" where it has none. `review` groups the sources to look at
// before publishing, and is left out when there are none: those that are not said to be licensed,
// except what was generated for the video without a restriction. A source without an id is named by
// its title or its place ("#3"). Null for an empty array.
Json rights_digest(const Json& sources);

// The digest as one or two sentences.
std::string rights_text(const Json& digest);

}  // namespace motion_mcp::tools
