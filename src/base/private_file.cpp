#include "base/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/descriptor.h"
#include "base/random.h"

namespace motion_mcp::base {
namespace {

namespace fs = std::filesystem;

Error failed(const std::string& what, const std::string& path, int reason) {
  return Error{ErrorKind::unavailable, what + " " + path + ": " + std::strerror(reason)};
}

// A name that is gone when the work is done or given up.
class TemporaryName {
 public:
  explicit TemporaryName(std::string path) : path_(std::move(path)) {}
  ~TemporaryName() { ::unlink(path_.c_str()); }
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  [[nodiscard]] const char* c_str() const { return path_.c_str(); }

 private:
  std::string path_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());
}

}  // namespace

Result<void> make_private_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  if (errno == ENOENT) {
    const std::string parent = fs::path(path).parent_path().string();
    if (parent.empty() || parent == path) return failed("cannot make the folder", path, ENOENT);
    TRY(make_private_folder(parent));
    if (::mkdir(path.c_str(), 0700) == 0) return {};
  }
  if (errno != EEXIST) return failed("cannot make the folder", path, errno);
  std::error_code error;
  if (fs::is_directory(path, error)) return {};
  return failed("cannot make the folder", path, ENOTDIR);
}

Result<bool> make_private_file(const std::string& path, std::string_view content) {
  const TemporaryName temporary(path + "." + random_uuid());
  {
    const Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0 || !write_all(file.get(), content) || ::fsync(file.get()) != 0) {
      return failed("cannot write", path, errno);
    }
  }
  if (::link(temporary.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return false;
    return failed("cannot write", path, errno);
  }
  sync_folder(fs::path(path).parent_path().string());
  return true;
}

Result<std::string> read_private_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return failed("cannot open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failed("cannot read", path, errno);
  if (!S_ISREG(status.st_mode)) return Error{ErrorKind::unavailable, path + " is not a file"};
  constexpr mode_t kOthers = S_IWGRP | S_IRWXO;
  if ((status.st_mode & kOthers) != 0) {
    return Error{ErrorKind::unavailable,
                 "others than its owner can read or change " + path + " (chmod 600 mends that)"};
  }

  std::string content;
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot read", path, errno);
    if (count == 0) return content;
    content.append(block.data(), static_cast<std::size_t>(count));
    if (content.size() > max_bytes) {
      return Error{ErrorKind::unavailable,
                   path + " is longer than " + std::to_string(max_bytes) + " bytes"};
    }
  }
}

}  // namespace motion_mcp::base
