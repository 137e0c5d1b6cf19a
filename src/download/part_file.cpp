#include "download/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "base/digest.h"

namespace motion_mcp::download {
namespace {

constexpr std::chrono::milliseconds kLockPause{100};
constexpr int kMaxNumber = 99;
constexpr std::size_t kMaxSourceBytes = 16UL * 1024;
constexpr std::size_t kBlockBytes = 64UL * 1024;
constexpr int kCommonFlags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

Error refused(const std::string& path, const std::string& why, std::string next_step) {
  return Error{ErrorKind::invalid_argument, "cannot write to " + path + ": " + why,
               std::move(next_step)};
}

Error stopped() {
  return Error{ErrorKind::cancelled, "the download was stopped"};
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// nullopt with errno set when it cannot be read.
std::optional<std::string> read_at(int fd, std::uint64_t offset, std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got =
        ::pread(fd, bytes.data() + have, count - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

// "a.mp4", 2 -> "a-2.mp4"
std::string numbered(const std::string& name, int number) {
  if (number == 1) return name;
  const std::size_t dot = std::min(name.rfind('.'), name.size());
  return name.substr(0, dot) + "-" + std::to_string(number) + name.substr(dot);
}

Result<std::string> sha256_of(int fd, const std::string& path, const std::stop_token& stop) {
  base::Sha256 digest;
  for (std::uint64_t at = 0;;) {
    if (stop.stop_requested()) return stopped();
    const auto block = read_at(fd, at, kBlockBytes);
    if (!block) return disk_error("cannot read", path, errno);
    if (block->empty()) return digest.hex();
    digest.add(*block);
    at += block->size();
  }
}

}  // namespace

Result<PartFile> PartFile::open(Folder folder, std::string name, const Options& options,
                                const base::Clock& clock, const std::stop_token& stop) {
  PartFile file(std::move(folder), std::move(name), options);
  if (file.name_.empty() || file.name_.find('/') != std::string::npos || file.name_ == "." ||
      file.name_ == ".." || file.name_.size() > kMaxNameBytes) {
    return refused(file.path(), "it is not a file's name", "Name a file.");
  }
  TRY(file.check_target(file.name_));
  const base::SteadyTime give_up = clock.now() + kPatience;
  for (;;) {
    if (!TRY(file.open_part())) continue;
    if (TRY(file.lock())) break;
    file.part_ = base::Descriptor();
    if (clock.now() >= give_up) {
      return Error{ErrorKind::conflict, "another download writes to " + file.path(),
                   "Wait for it to end, then call again."};
    }
    if (!clock.sleep_until(clock.now() + kLockPause, stop)) return stopped();
  }
  file.read_source();
  return file;
}

PartFile::~PartFile() {
  if (part_.is_open() && is_locked_ && size_ == 0) leave();
}

// The names go while the lock is held: who waits for it finds that the file has lost its name.
void PartFile::leave() {
  ::unlinkat(folder_.fd(), source_name().c_str(), 0);
  ::unlinkat(folder_.fd(), part_name().c_str(), 0);
  part_ = base::Descriptor();
}

Result<void> PartFile::check_target(const std::string& name) const {
  struct stat status {};
  if (::fstatat(folder_.fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {};
    return disk_error("cannot write to", folder_.path_of(name), errno);
  }
  if (S_ISREG(status.st_mode)) return {};
  return refused(folder_.path_of(name),
                 S_ISLNK(status.st_mode) ? "it is a symbolic link" : "it is not a file",
                 "Name another file.");
}

// False when another one was faster.
Result<bool> PartFile::open_part() {
  const std::string name = part_name();
  part_ = base::Descriptor(::openat(folder_.fd(), name.c_str(), O_RDWR | kCommonFlags));
  if (!part_.is_open() && errno == ENOENT) {
    part_ = base::Descriptor(::openat(folder_.fd(), name.c_str(),
                                      O_RDWR | O_CREAT | O_EXCL | kCommonFlags, options_.mode));
    if (!part_.is_open() && errno == EEXIST) return false;
  }
  const int reason = errno;
  struct stat status {};
  const bool is_ours = part_.is_open() && ::fstat(part_.get(), &status) == 0 &&
                       S_ISREG(status.st_mode) && status.st_nlink <= 1 &&
                       status.st_uid == ::geteuid();
  if (is_ours) return true;
  if (part_.is_open() || reason == ELOOP || reason == EISDIR || reason == ENXIO) {
    part_ = base::Descriptor();
    return refused(folder_.path_of(name), "it is not a file of this user's alone",
                   "Move it away, or name another file.");
  }
  return failed(reason);
}

// False while another one has it, and when what was locked has lost its name meanwhile.
Result<bool> PartFile::lock() {
  if (::flock(part_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EINTR) return false;
    return refused(path(), std::string("its file system has no locks"),
                   "Save to a folder on a local disk.");
  }
  struct stat held {};
  struct stat named {};
  is_locked_ = ::fstat(part_.get(), &held) == 0 &&
               ::fstatat(folder_.fd(), part_name().c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
               same_file(held, named);
  return is_locked_;
}

void PartFile::read_source() {
  struct stat status {};
  if (::fstat(part_.get(), &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
  const base::Descriptor file(
      ::openat(folder_.fd(), source_name().c_str(), O_RDONLY | kCommonFlags));
  if (!file.is_open() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_uid != ::geteuid()) {
    return;
  }
  if (const auto text = read_at(file.get(), 0, kMaxSourceBytes)) source_ = source_from(*text);
}

Result<void> PartFile::write_source(const Source& source) const {
  const std::string text = to_text(source);
  if (text.size() > kMaxSourceBytes) return {};
  const base::Descriptor file(::openat(folder_.fd(), source_name().c_str(),
                                       O_WRONLY | O_CREAT | O_EXCL | kCommonFlags, 0600));
  if (!file.is_open()) return failed(errno);
  // Cut short, it counts as none.
  if (::write(file.get(), text.data(), text.size()) < 0) return failed(errno);
  return {};
}

Result<void> PartFile::clear() {
  // First what says how to go on with the bytes, then the bytes.
  if (::unlinkat(folder_.fd(), source_name().c_str(), 0) != 0 && errno != ENOENT) {
    return failed(errno);
  }
  source_.reset();
  return keep(0);
}

Result<void> PartFile::begin(Source source) {
  TRY(clear());
  TRY(write_source(source));
  source_ = std::move(source);
  return {};
}

Result<void> PartFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(part_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(errno);
    size_ += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> PartFile::keep(std::uint64_t bytes) {
  if (::ftruncate(part_.get(), static_cast<off_t>(bytes)) != 0) return failed(errno);
  size_ = bytes;
  return {};
}

Result<std::string> PartFile::head(std::size_t count) const {
  auto bytes = read_at(part_.get(), 0, count);
  if (!bytes) return disk_error("cannot read", path(), errno);
  return *std::move(bytes);
}

Result<bool> PartFile::has_same_bytes(const std::string& name, const std::string& sha256,
                                      const std::stop_token& stop) const {
  const base::Descriptor file(::openat(folder_.fd(), name.c_str(), O_RDONLY | kCommonFlags));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return disk_error("cannot read", folder_.path_of(name), errno);
  }
  if (static_cast<std::uint64_t>(status.st_size) != size_) return false;
  return TRY(sha256_of(file.get(), folder_.path_of(name), stop)) == sha256;
}

// False when something of that name is there.
Result<bool> PartFile::rename_to_new(const std::string& name) const {
  const int fd = folder_.fd();
  if (::renameat2(fd, part_name().c_str(), fd, name.c_str(), RENAME_NOREPLACE) == 0) return true;
  // File systems that do not know that flag know hard links.
  if (errno == EINVAL || errno == ENOSYS) {
    if (::linkat(fd, part_name().c_str(), fd, name.c_str(), 0) == 0) {
      ::unlinkat(fd, part_name().c_str(), 0);
      return true;
    }
  }
  if (errno == EEXIST) return false;
  return failed(errno);
}

Result<PartFile::Committed> PartFile::commit(const std::stop_token& stop) {
  Committed committed{{}, TRY(sha256_of(part_.get(), path(), stop)), false};
  if (::fsync(part_.get()) != 0) return failed(errno);
  const auto placed_at = [&](const std::string& name) {
    ::unlinkat(folder_.fd(), source_name().c_str(), 0);
    folder_.sync();
    part_ = base::Descriptor();
    committed.path = folder_.path_of(name);
    return committed;
  };
  if (options_.replaces) {
    TRY(check_target(name_));
    if (::renameat(folder_.fd(), part_name().c_str(), folder_.fd(), name_.c_str()) != 0) {
      return failed(errno);
    }
    return placed_at(name_);
  }
  for (int number = 1; number <= kMaxNumber; ++number) {
    const std::string name = numbered(name_, number);
    if (TRY(rename_to_new(name))) return placed_at(name);
    TRY(check_target(name));
    committed.was_there = TRY(has_same_bytes(name, committed.sha256, stop));
    if (!committed.was_there) continue;
    ::unlinkat(folder_.fd(), part_name().c_str(), 0);
    return placed_at(name);
  }
  return refused(path(), "there are " + std::to_string(kMaxNumber) + " other files of that name",
                 "Name another file.");
}

}  // namespace motion_mcp::download
