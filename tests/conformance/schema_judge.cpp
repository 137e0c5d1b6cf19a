// Says of each line of stdin, "TOOL ARGUMENTS", whether the schema stage takes the arguments:
// "valid" or what is wrong with them as a JSON string, a line each. For tests that hold it against
// another validator.
#include <iostream>
#include <map>
#include <string>

#include "jsonrpc/message.h"
#include "mcp/schema.h"
#include "tools/tool_table.h"

using namespace motion_mcp;

int main() {
  std::map<std::string, Json> definitions;
  for (const tools::Entry& entry : tools::all_tools()) {
    definitions.emplace(entry.name, Json::parse(entry.definition));
  }
  std::map<std::string, mcp::Schema> schemas;
  for (const auto& [name, definition] : definitions) {
    schemas.emplace(name, mcp::Schema(definition.at("inputSchema")));
  }
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t blank = line.find(' ');
    const auto arguments = jsonrpc::parse_json(std::string_view(line).substr(blank + 1));
    if (!arguments) {
      std::cerr << "no JSON: " << line << "\n";
      return 1;
    }
    const auto faults = schemas.at(line.substr(0, blank)).faults_in(*arguments);
    std::cout << (faults.empty() ? "valid" : jsonrpc::print_string(faults.front())) << "\n";
  }
  return 0;
}
