#include "ifstop/report/read_prompts.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

namespace ifstop::report {
namespace {

std::string text_of(const Json& row, const char* key, std::string otherwise) {
  const auto found = row.find(key);
  if (found == row.end() || found->is_null()) return otherwise;
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  if (!found->is_string()) throw std::invalid_argument(fmt::format("\"{}\" is not a text", key));
  return found->get<std::string>();
}

std::vector<std::string> accepted_of(const Json& row) {
  const auto found = row.find("accepted");
  if (found == row.end() || found->is_null()) return {};
  if (found->is_string()) return {found->get<std::string>()};
  std::vector<std::string> accepted;
  if (!found->is_array()) throw std::invalid_argument("\"accepted\" is neither a text nor a list of texts");
  for (const auto& answer : *found) {
    if (!answer.is_string()) throw std::invalid_argument("\"accepted\" holds something that is not a text");
    accepted.push_back(answer.get<std::string>());
  }
  return accepted;
}

Prompt prompt_of(const std::string& line, std::size_t number) {
  const Json row = Json::parse(line, nullptr, false);
  if (row.is_discarded()) throw std::invalid_argument("not valid JSON");
  if (!row.is_object()) throw std::invalid_argument("not an object");
  Prompt prompt;
  prompt.id = text_of(row, "id", std::to_string(number));
  prompt.text = text_of(row, "prompt", "");
  if (prompt.text.empty()) throw std::invalid_argument("no \"prompt\", or an empty one");
  prompt.kind = prompt_kind_from(text_of(row, "kind", "full"));
  prompt.parent = text_of(row, "parent", "");
  prompt.accepted = accepted_of(row);
  return prompt;
}

PromptSet read_table(std::istream& file, const std::filesystem::path& path) {
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return parse_prompts_tsv(text, path.string());
  } catch (const std::invalid_argument& error) {
    throw FileError(error.what());
  }
}

}  // namespace

PromptSet read_prompts(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw FileError(path.string() + ": cannot read the prompts; is the path right?");
  if (path.extension() == ".tsv") return read_table(file, path);
  PromptSet set;
  set.name = path.stem().string();
  set.version = "file";  // its content is known by its hash
  std::set<std::string> ids;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      set.prompts.push_back(prompt_of(line, number));
      if (!ids.insert(set.prompts.back().id).second)
        throw std::invalid_argument(fmt::format("id \"{}\" occurs twice", set.prompts.back().id));
    } catch (const std::exception& error) {
      throw FileError(fmt::format("{}:{}: {}", path.string(), number, error.what()));
    }
  }
  if (set.prompts.empty()) throw FileError(path.string() + ": no prompts in it");
  return set;
}

}  // namespace ifstop::report
