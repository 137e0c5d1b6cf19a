#pragma once

// The pages that a person sees. Plain HTML and CSS without a script, embedded from pages/.

#include <string>
#include <string_view>

#include "auth/authorization_request.h"
#include "auth/consent_ticket.h"
#include "auth/deployment.h"
#include "base/http_message.h"

namespace motion_mcp::auth {

// What is said above the form, when something is.
struct ConsentNote {
  std::string error;   // the key cannot be used
  std::string unsure;  // the service could not be asked: the person may go on without the check
  int status = 200;
  bool create_is_checked = true;  // as the person left it
};

// Asks for the key and the consent. `ticket` is the form's.
base::HttpReply consent_page(const Deployment& deployment, const PendingRequest& request,
                             std::string_view ticket, const ConsentNote& note);

// Says why nothing can be agreed to; `why` is one clause.
base::HttpReply refusal_page(int status, std::string_view why, std::string_view next_step);

// The same for a client that is known, with the way back to it. It is not sent there by itself:
// anybody may register a client, and a server that sends on whoever comes lends its name to every
// link (RFC 9700 section 4.11.2).
base::HttpReply fault_page(const Deployment& deployment, const FaultyRequest& request);

// Sends the browser on by GET (RFC 9700 section 4.12).
base::HttpReply redirect_to(std::string location);

}  // namespace motion_mcp::auth
