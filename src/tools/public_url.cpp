#include "tools/public_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/quote.h"
#include "net/ascii.h"
#include "net/url.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kUploadStep =
    "Upload the file to where a public or signed https URL reaches it, and pass that URL.";
constexpr std::size_t kMaxQuoteCodePoints = 100;

Error bad_url(std::string message) {
  return {ErrorKind::invalid_argument, std::move(message), std::string(kUploadStep)};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 3986 section 3.1, in lower case; empty when `url` does not start with a scheme.
std::string scheme_of(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || !is_letter(url.front())) return {};
  const std::string_view scheme = url.substr(0, colon);
  const bool is_valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
  return is_valid ? net::to_lower(scheme) : std::string();
}

bool is_local_path(std::string_view url, std::string_view scheme) {
  const bool is_drive = scheme.size() == 1;  // C:\pictures\logo.png
  return is_drive || scheme == "file" || url.starts_with('/') || url.starts_with('\\') ||
         url.starts_with('.') || url.starts_with('~');
}

// The blocks of RFC 6890 that no server on the internet has.
bool is_public_v4(const unsigned char* bytes) {
  struct Block {
    std::uint32_t prefix;
    unsigned int bits;
  };
  constexpr std::array kBlocks = {
      Block{0x00000000, 8},   // 0.0.0.0/8, this host
      Block{0x0A000000, 8},   // 10.0.0.0/8, private
      Block{0x64400000, 10},  // 100.64.0.0/10, shared
      Block{0x7F000000, 8},   // 127.0.0.0/8, loopback
      Block{0xA9FE0000, 16},  // 169.254.0.0/16, link local
      Block{0xAC100000, 12},  // 172.16.0.0/12, private
      Block{0xC0A80000, 16},  // 192.168.0.0/16, private
      Block{0xE0000000, 3},   // 224.0.0.0/3, multicast and reserved
  };
  std::uint32_t address = 0;
  for (int i = 0; i < 4; ++i) address = address << 8U | bytes[i];
  return std::none_of(kBlocks.begin(), kBlocks.end(), [address](const Block& block) {
    return (address ^ block.prefix) >> (32U - block.bits) == 0;
  });
}

bool is_public_v6(const std::array<unsigned char, 16>& bytes) {
  const bool starts_with_zeros =
      std::all_of(bytes.begin(), bytes.begin() + 10, [](unsigned char byte) { return byte == 0; });
  if (starts_with_zeros) {  // ::, ::1 and the IPv4 addresses ::ffff:a.b.c.d
    return bytes[10] == 0xFF && bytes[11] == 0xFF && is_public_v4(&bytes[12]);
  }
  const bool is_unique_local = (bytes[0] & 0xFEU) == 0xFC;
  const bool is_link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80;
  return !is_unique_local && !is_link_local;
}

// nullopt when `host` is a name.
std::optional<bool> is_public_address(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  if (host.find(':') != std::string::npos) {
    return inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1 && is_public_v6(bytes);
  }
  const std::string_view last_label = std::string_view(host).substr(host.rfind('.') + 1);
  const bool is_number =
      !last_label.empty() && is_digit(last_label.front()) &&
      (last_label.starts_with("0x") || std::all_of(last_label.begin(), last_label.end(), is_digit));
  if (!is_number) return std::nullopt;
  // URL parsers read 127.1 and 0x7f000001 as addresses too; nobody means well with one.
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 && is_public_v4(bytes.data());
}

bool is_public_name(std::string_view host) {
  constexpr std::array<std::string_view, 7> kLocalEndings = {
      ".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".invalid"};
  return host.find('.') != std::string_view::npos &&
         std::none_of(kLocalEndings.begin(), kLocalEndings.end(),
                      [&](std::string_view ending) { return host.ends_with(ending); });
}

}  // namespace

Result<std::string> host_of_public_url(std::string_view url, std::string_view service) {
  if (url.empty()) return bad_url("is empty");
  const std::string scheme = scheme_of(url);
  if (is_local_path(url, scheme)) {
    return bad_url("is a file on this machine, which " + std::string(service) + " cannot read");
  }
  const bool is_web = scheme == "http" || scheme == "https";
  const std::size_t authority_start = scheme.size() + 3;
  if (!is_web || !url.substr(scheme.size()).starts_with("://")) {
    return bad_url(scheme.empty() || is_web
                       ? "is not an http or https URL"
                       : "is a URL of the scheme " + base::quote(scheme, kMaxQuoteCodePoints) +
                             ", and " + std::string(service) + " fetches only http and https");
  }
  const bool has_gap = std::any_of(url.begin(), url.end(), [](char c) {
    return c == '\\' || static_cast<unsigned char>(c) <= ' ' || c == '\x7F';
  });
  if (has_gap) return bad_url("has spaces, backslashes or control characters in it");

  // What follows the host is the service's to read: it may be stricter or laxer than we are.
  const Result<net::Url> parsed =
      net::parse_url(url.substr(0, url.find_first_of("/?#", authority_start)));
  if (!parsed) return bad_url("is no usable URL (" + parsed.error().message + ")");
  std::string host = parsed->host;
  if (host.ends_with('.')) host.pop_back();  // the root, written out
  if (!is_public_address(host).value_or(is_public_name(host))) {
    return bad_url("names " + base::quote(host, kMaxQuoteCodePoints) + ", which " +
                   std::string(service) + " cannot reach from the internet");
  }
  return host;
}

}  // namespace motion_mcp::tools
