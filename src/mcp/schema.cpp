#include "mcp/schema.h"

#include <algorithm>
#include <mutex>
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

}  // namespace

struct Schema::Compiled {
  const Json& source;
  std::once_flag once;
  valijson::Schema schema;

  explicit Compiled(const Json& from) : source(from) {}

  const valijson::Schema& get() {
    std::call_once(once, [this] {
      const nlohmann::json plain(source);
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
  // valijson's adapter knows nlohmann's default object type only.
  const nlohmann::json plain(value);
  const valijson::adapters::NlohmannJsonAdapter target(plain);
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(compiled_->get(), target, &results)) return {};

  // A fault is reported once more for each object and alternative around it; the places are what
  // counts, and what is wrong at each is said in our words.
  std::vector<SchemaPath> places;
  for (const auto& error : results) {
    SchemaPath place = to_path(error.context);
    if (std::find(places.begin(), places.end(), place) == places.end()) {
      places.push_back(std::move(place));
    }
  }
  std::vector<std::string> faults;
  for (const SchemaPath& place : places) {
    for (std::string& fault : describe_faults(compiled_->source, value, place)) {
      if (faults.size() < kMaxFaults) faults.push_back(std::move(fault));
    }
  }
  if (faults.empty()) faults.push_back(results.begin()->description);
  return faults;
}

}  // namespace motion_mcp::mcp
