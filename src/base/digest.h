#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace motion_mcp::base {

// Two lower-case digits for every byte.
std::string to_hex(std::string_view bytes);

// SHA-256 (FIPS 180-4): 32 bytes.
std::string sha256(std::string_view bytes);

// The same as 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

// The same of bytes that come in pieces. One thread's.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  // Of what was added. The last call.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace motion_mcp::base
