#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"

namespace motion_mcp::download {

// What the system refused, as invalid_argument with the next step.
Error disk_error(const std::string& what, const std::string& path, int reason);

// A folder held open: what is done by name in it stays in it, whatever becomes of its path.
class Folder {
 public:
  // The folder at `path`, absolute. invalid_argument when there is none, it cannot be opened, or
  // its own name (not those above it) is a symbolic link.
  static Result<Folder> open(const std::string& path);
  // Makes it first if need be (base::make_private_folder).
  static Result<Folder> open_or_make(const std::string& path);

  [[nodiscard]] int fd() const { return descriptor_.get(); }
  // For people: the path that it was opened by, and a name in it.
  [[nodiscard]] std::string path_of(std::string_view name) const;
  // Makes renames in it durable, as far as its file system can.
  void sync() const;

 private:
  Folder(std::string path, base::Descriptor descriptor)
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

  std::string path_;
  base::Descriptor descriptor_;
};

}  // namespace motion_mcp::download
