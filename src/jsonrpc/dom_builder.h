#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "jsonrpc/id.h"

namespace motion_mcp::jsonrpc {

// Messages are seldom deeper: what is kept for each open container is made room for once.
inline constexpr std::size_t kUsualDepth = 16;

// Builds a Json from what json_reader tells it, with what message parsing needs on top: a depth
// limit, the refusal of duplicate member names, and the top-level "id" as soon as it was seen.
// After a fault of the first two kinds the text is still read to its end, so that the id is found
// wherever it stands.
class DomBuilder {
 public:
  explicit DomBuilder(std::size_t max_depth) : max_depth_(max_depth) { path_.reserve(kUsualDepth); }

  // The first fault in the text, empty when there is none.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] bool is_syntax_fault() const { return is_syntax_fault_; }
  [[nodiscard]] const std::optional<Id>& id() const { return id_; }
  Json take() { return std::move(root_); }

  void value(Json scalar);
  void start_object();
  void key(std::string name);
  void end_object();
  void start_array();
  void end_array();
  // The text ends here: its byte at `position`, counted from one, cannot stand there.
  void syntax_fault(std::size_t position);

 private:
  Json& add(Json value);
  void open(Json::value_t container);
  void close();
  void set_fault(std::string text);

  const std::size_t max_depth_;
  Json root_;
  std::vector<Json*> path_;  // the containers that are open and were built
  std::size_t depth_ = 0;    // those that are open, built or not
  std::string key_;
  std::string fault_;
  bool is_syntax_fault_ = false;
  std::optional<Id> id_;
};

}  // namespace motion_mcp::jsonrpc
