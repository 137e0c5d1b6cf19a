#include "app/local_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/random.h"

namespace motion_mcp::app {
namespace {

namespace fs = std::filesystem;

Error failed(const std::string& what, const std::string& path, int reason) {
  return Error{ErrorKind::invalid_argument, what + " " + path + ": " + std::strerror(reason)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<std::string> read_local_file(const std::string& path, std::size_t max_bytes) {
  const bool is_stdin = path == "-";
  const std::string name = is_stdin ? "standard input" : path;
  const Descriptor file(is_stdin ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed("cannot open", name, errno);

  std::string content;
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot read", name, errno);
    if (count == 0) return content;
    content.append(block.data(), static_cast<std::size_t>(count));
    if (content.size() > max_bytes) {
      return Error{ErrorKind::invalid_argument,
                   name + " is longer than " + std::to_string(max_bytes) + " bytes"};
    }
  }
}

OutputFile::OutputFile(std::string path, std::string temporary, int descriptor)
    : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<OutputFile> OutputFile::open(const std::string& path) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) return failed("cannot write to", path, error.value());
  const fs::file_status status = fs::status(target, error);
  if (!target.has_filename() || (fs::exists(status) && !fs::is_regular_file(status))) {
    return Error{ErrorKind::invalid_argument,
                 "cannot write to " + target.string() + ": it is not a file; name a file"};
  }
  const std::string unique = "." + target.filename().string() + "." + base::random_uuid();
  std::string temporary = (target.parent_path() / unique).string();
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return failed("cannot write to", target.string(), errno);
  return OutputFile(target.string(), std::move(temporary), descriptor);
}

Result<void> OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot write to", path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> OutputFile::clear() {
  if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0) {
    return failed("cannot write to", path_, errno);
  }
  return {};
}

Result<void> OutputFile::commit() {
  if (::fsync(descriptor_) != 0) return failed("cannot write to", path_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return failed("cannot write to", path_, errno);
  }
  temporary_.clear();
  return {};
}

}  // namespace motion_mcp::app
