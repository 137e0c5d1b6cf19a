#pragma once

// Files of the user's, read whole or written so that a half-written one is never seen.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::app {

// The content of the file at `path`; "-" is standard input. invalid_argument when it cannot be read
// or is longer than `max_bytes`.
Result<std::string> read_local_file(const std::string& path, std::size_t max_bytes);

// A file that appears at its path whole or not at all: written beside it under another name, then
// renamed over whatever is there. Left uncommitted, it is removed. One thread's.
class OutputFile {
 public:
  // invalid_argument when no file can be made there: a missing folder, no permission, a folder or a
  // device of that name. A symbolic link is followed.
  static Result<OutputFile> open(const std::string& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  // invalid_argument says why: a full disk above all.
  Result<void> write(std::string_view bytes);
  // Forgets what was written, for another attempt.
  Result<void> clear();
  // Makes it durable and puts it in place. Nothing may be written afterwards.
  Result<void> commit();

  // Absolute.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  OutputFile(std::string path, std::string temporary, int descriptor);

  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
};

}  // namespace motion_mcp::app
