#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "jsonrpc/id.h"

namespace motion_mcp::jsonrpc {

// Builds a Json from nlohmann's SAX events, without the linear member lookup that its own builder
// does for every member, and with what message parsing needs on top: a depth limit, the refusal of
// duplicate member names, and the top-level "id" as soon as it was seen. After a fault of the first
// two kinds the events still run to the end, so that the id is found wherever it stands.
class DomBuilder {
 public:
  explicit DomBuilder(std::size_t max_depth) : max_depth_(max_depth) {}

  // The first fault in the text, empty when there is none.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] bool is_syntax_fault() const { return is_syntax_fault_; }
  [[nodiscard]] const std::optional<Id>& id() const { return id_; }
  Json take() { return std::move(root_); }

  bool null();
  bool boolean(bool value);
  bool number_integer(Json::number_integer_t value);
  bool number_unsigned(Json::number_unsigned_t value);
  bool number_float(Json::number_float_t value, const std::string& text);
  bool string(std::string& value);
  bool binary(Json::binary_t& value);
  bool start_object(std::size_t);
  bool key(std::string& name);
  bool end_object();
  bool start_array(std::size_t);
  bool end_array();
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error);

 private:
  bool add(Json value);
  bool open(Json container);
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
