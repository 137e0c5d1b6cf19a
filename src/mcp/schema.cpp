#include "mcp/schema.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <mutex>
#include <set>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/json_value.h"
#include "mcp/schema_fault.h"

namespace motion_mcp::mcp {
namespace {

// valijson writes a path as "<root>", "[prompt]", "[0]".
SchemaPath to_path(const std::vector<std::string>& context) {
  SchemaPath path;
  for (std::size_t i = 1; i < context.size(); ++i) {
    path.push_back(context[i].substr(1, context[i].size() - 2));
  }
  return path;
}

// The 64-bit integer with a sign that a number without a fraction is, or the nearest.
std::int64_t nearest_integer(double number) {
  constexpr double kBeyond = 9223372036854775808.0;  // 2^63
  if (number >= kBeyond) return std::numeric_limits<std::int64_t>::max();
  if (number < -kBeyond) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(number);
}

// Writes a schema, or what is held against it, as valijson understands it.
//   5.0 is an integer (JSON Schema, "type"), and so is a number of any size without a fraction;
//   valijson knows those of 64 bits with a sign. One beyond them becomes the nearest, on both
//   sides, so that it stays on its side of every bound. A text goes on after a NUL, where valijson
//   stops counting.
void respell(nlohmann::json& value) {
  if (value.is_structured()) {
    for (auto& inner : value) respell(inner);
  } else if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    std::replace(text.begin(), text.end(), '\0', '\1');
  } else if (value.is_number_unsigned()) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (value.get<std::uint64_t>() > kMost) value = static_cast<std::int64_t>(kMost);
  } else if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (number == std::trunc(number)) value = nearest_integer(number);
  }
}

nlohmann::json respelled(const Json& value) {
  nlohmann::json plain(value);
  respell(plain);
  return plain;
}

// A stranger chooses how much is wrong with his arguments: faults are looked for in an excerpt.
constexpr std::size_t kMaxExaminedValues = 1000;

// The first values of a document, in the order of its text. valijson's adapter knows nlohmann's
// default object type only.
class Excerpt {
 public:
  explicit Excerpt(const Json& whole) { value_ = copy(whole); }

  [[nodiscard]] const nlohmann::json& value() const { return value_; }
  // The arrays and objects of which a part is missing.
  [[nodiscard]] const std::vector<SchemaPath>& cut() const { return cut_; }

 private:
  nlohmann::json copy(const Json& whole) {
    if (!whole.is_structured()) return respelled(whole);
    nlohmann::json part(whole.type());
    for (const auto& item : whole.items()) {
      if (left_ == 0) {
        cut_.push_back(path_);
        break;
      }
      --left_;
      if (part.is_array()) {
        part.push_back(copy_member(item.key(), item.value()));
      } else {
        part.emplace(item.key(), copy_member(item.key(), item.value()));
      }
    }
    return part;
  }

  nlohmann::json copy_member(const std::string& name, const Json& value) {
    if (!value.is_structured()) return respelled(value);
    path_.push_back(name);
    nlohmann::json part = copy(value);
    path_.pop_back();
    return part;
  }

  std::size_t left_ = kMaxExaminedValues;
  SchemaPath path_;
  std::vector<SchemaPath> cut_;
  nlohmann::json value_;
};

}  // namespace

struct Schema::Compiled {
  const Json& source;
  std::once_flag once;
  valijson::Schema schema;

  explicit Compiled(const Json& from) : source(from) {}

  const valijson::Schema& get() {
    std::call_once(once, [this] {
      const nlohmann::json plain = respelled(source);
      valijson::SchemaParser parser;
      parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(plain), schema);
    });
    return schema;
  }
};

Schema::Schema(const Json& schema) : compiled_(std::make_unique<Compiled>(schema)) {}
Schema::~Schema() = default;
Schema::Schema(Schema&&) noexcept = default;

std::vector<std::string> Schema::faults_in(const Json& value) const {
  using Target = valijson::adapters::NlohmannJsonAdapter;
  const valijson::Schema& schema = compiled_->get();
  const Excerpt excerpt(value);
  valijson::Validator validator;
  valijson::ValidationResults results;
  const bool is_valid = validator.validate(schema, Target(excerpt.value()), &results);
  if (is_valid && excerpt.cut().empty()) return {};

  // A fault is reported once more for each object and alternative around it; the places are what
  // counts, and what is wrong at each is said in our words. What is wrong with the excerpt alone
  // has none.
  std::set<SchemaPath> seen;
  std::vector<std::string> faults;
  const auto look_at = [&](SchemaPath place) {
    if (faults.size() >= kMaxFaults) return;
    const auto [known, is_new] = seen.insert(std::move(place));
    if (!is_new) return;
    for (std::string& fault : describe_faults(compiled_->source, value, *known)) {
      if (faults.size() < kMaxFaults) faults.push_back(std::move(fault));
    }
  };
  for (const auto& error : results) look_at(to_path(error.context));
  for (const SchemaPath& place : excerpt.cut()) look_at(place);
  if (!faults.empty()) return faults;

  if (!excerpt.cut().empty()) {
    const nlohmann::json whole = respelled(value);
    if (validator.validate(schema, Target(whole), nullptr)) return {};
  }
  const bool is_told = excerpt.cut().empty() && results.numErrors() > 0;
  return {is_told ? results.begin()->description : "the arguments are not allowed"};
}

}  // namespace motion_mcp::mcp
