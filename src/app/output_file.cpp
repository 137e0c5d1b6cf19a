#include "app/output_file.h"

#include <filesystem>

namespace motion_mcp::app {

namespace fs = std::filesystem;

Result<download::PartFile> open_output(const std::string& path, const base::Clock& clock,
                                       const std::stop_token& stop) {
  constexpr mode_t kUsualMode = 0666;
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) return download::disk_error("cannot write to", path, error.value());
  if (!target.has_filename()) {
    return Error{ErrorKind::invalid_argument,
                 "cannot write to " + target.string() + ": it is not a file; name a file"};
  }
  return download::PartFile::open(TRY(download::Folder::open(target.parent_path().string())),
                                  target.filename().string(), {kUsualMode, true}, clock, stop);
}

}  // namespace motion_mcp::app
