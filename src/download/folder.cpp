#include "download/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/private_file.h"

namespace motion_mcp::download {
namespace {

std::string next_step_for(int reason) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "Make room on that disk, or save to another folder.";
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOTDIR:
      return "Save to a folder that this user can write in.";
    default:
      return {};
  }
}

bool is_link(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

}  // namespace

Error disk_error(const std::string& what, const std::string& path, int reason) {
  return Error{ErrorKind::invalid_argument, what + " " + path + ": " + std::strerror(reason),
               next_step_for(reason)};
}

Result<Folder> Folder::open(const std::string& given) {
  // With a slash at its end a link would be followed.
  std::string path = given;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  base::Descriptor descriptor(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (descriptor.is_open()) return Folder(std::move(path), std::move(descriptor));
  const int reason = errno;
  if (is_link(path)) {
    return Error{ErrorKind::invalid_argument, "cannot write to " + path + ": it is a symbolic link",
                 "Name the folder that it leads to."};
  }
  return disk_error("cannot write to", path, reason);
}

Result<Folder> Folder::open_or_make(const std::string& path) {
  if (auto made = base::make_private_folder(path); !made && !is_link(path)) {
    return Error{ErrorKind::invalid_argument, made.error().message,
                 "Save to a folder that this user can write in."};
  }
  return open(path);
}

std::string Folder::path_of(std::string_view name) const {
  return (path_ == "/" ? path_ : path_ + "/") + std::string(name);
}

void Folder::sync() const {
  ::fsync(descriptor_.get());
}

}  // namespace motion_mcp::download
