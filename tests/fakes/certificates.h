#pragma once

// Certificates made when a test runs: nothing expires, nothing is checked in.

#include <filesystem>
#include <string>
#include <vector>

namespace motion_mcp::fakes {

// A folder of its own, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// An authority and a certificate signed by it, as PEM files.
class TestCertificates {
 public:
  // `names` as OpenSSL writes subject alternative names: "DNS:localhost", "IP:127.0.0.1". With
  // `expired`, the certificate ended yesterday.
  explicit TestCertificates(const std::vector<std::string>& names, bool expired = false);

  [[nodiscard]] std::string ca_file() const { return file("ca.pem"); }
  [[nodiscard]] std::string certificate_file() const { return file("certificate.pem"); }
  [[nodiscard]] std::string key_file() const { return file("key.pem"); }

 private:
  [[nodiscard]] std::string file(const char* name) const {
    return (folder_.path() / name).string();
  }
  TemporaryFolder folder_;
};

}  // namespace motion_mcp::fakes
