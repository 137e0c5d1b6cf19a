#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "download/folder.h"
#include "download/source.h"

namespace motion_mcp::download {

// A file on its way: `.NAME.part` beside where it will be, and `.NAME.part.from` with its Source.
// It appears at its name whole or not at all. What is left uncommitted stays for a later PartFile
// of the same name to go on with, unless it is empty.
//
// It is locked (flock) as long as the object lives: threads and processes take turns. Everything
// goes by name in the open folder and no symbolic link is followed. Errors are invalid_argument and
// name the path, with why and the next step. One thread's.
class PartFile {
 public:
  struct Options {
    mode_t mode = 0600;  // less the umask
    // Whether a file of that name is replaced. Otherwise one with other bytes stays and the new one
    // gets a number: a-2.mp4.
    bool replaces = false;
  };

  // How long open() waits for another one of the same name.
  static constexpr std::chrono::seconds kPatience{45};
  // The longest name that open() takes; the system's limit is 255.
  static constexpr std::size_t kMaxNameBytes = 230;

  // `name` is that of the file to be: no slash. Also refused: a name that is a folder, a symbolic
  // link or a device, and a part that is one or somebody else's. conflict when another one is still
  // at work after kPatience, cancelled on `stop`.
  static Result<PartFile> open(Folder folder, std::string name, const Options& options,
                               const base::Clock& clock, const std::stop_token& stop);
  ~PartFile();
  PartFile(PartFile&& other) noexcept = default;
  PartFile& operator=(PartFile&&) = delete;

  // Where it will be, unless it gets a number.
  [[nodiscard]] std::string path() const { return folder_.path_of(name_); }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Of what is there; nullopt when that is not known.
  [[nodiscard]] const std::optional<Source>& source() const { return source_; }

  // Forgets what is there.
  Result<void> clear();
  // The same, and notes what will come.
  Result<void> begin(Source source);
  Result<void> append(std::string_view bytes);
  // Forgets all but the first `bytes`.
  Result<void> keep(std::uint64_t bytes);
  // Its first bytes, `count` at most.
  Result<std::string> head(std::size_t count) const;

  struct Committed {
    std::string path;
    std::string sha256;
    bool was_there = false;  // a file with these bytes was there already, and is left alone
  };
  // Makes it durable and puts it in place. Nothing may be called afterwards. cancelled on `stop`,
  // which leaves it as it was.
  Result<Committed> commit(const std::stop_token& stop);

 private:
  PartFile(Folder folder, std::string name, const Options& options)
      : folder_(std::move(folder)), name_(std::move(name)), options_(options) {}

  [[nodiscard]] std::string part_name() const { return "." + name_ + ".part"; }
  [[nodiscard]] std::string source_name() const { return part_name() + ".from"; }
  [[nodiscard]] Error failed(int reason) const {
    return disk_error("cannot write to", path(), reason);
  }
  [[nodiscard]] Result<void> check_target(const std::string& name) const;
  Result<bool> open_part();
  Result<bool> lock();
  void read_source();
  Result<void> write_source(const Source& source) const;
  [[nodiscard]] Result<bool> has_same_bytes(const std::string& name, const std::string& sha256,
                                            const std::stop_token& stop) const;
  [[nodiscard]] Result<bool> rename_to_new(const std::string& name) const;
  void leave();

  Folder folder_;
  std::string name_;
  Options options_;
  base::Descriptor part_;
  bool is_locked_ = false;
  std::uint64_t size_ = 0;
  std::optional<Source> source_;
};

}  // namespace motion_mcp::download
