#pragma once

// The text in which Prometheus reads figures (text exposition format 0.0.4).

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace motion_mcp::transport {

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Begins a metric; its samples follow. `type` is counter, gauge or histogram.
  void begin(std::string_view name, std::string_view type, std::string_view help);
  // `suffix` is for histograms: "_bucket", "_sum", "_count".
  void add(double value, Labels labels = {}, std::string_view suffix = {});
  void add(std::uint64_t value, Labels labels = {}, std::string_view suffix = {});

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void add_text(std::string_view value, Labels labels, std::string_view suffix);

  std::string text_;
  std::string name_;
};

}  // namespace motion_mcp::transport
