#include "ifstop/report/read_prompts.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "ifstop/report/jsonl.hpp"

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

Prompt prompt_of(const Json& row, std::size_t number) {
  Prompt prompt;
  prompt.id = text_of(row, "id", std::to_string(number));
  prompt.text = text_of(row, "prompt", "");
  if (prompt.text.empty()) throw std::invalid_argument("no \"prompt\", or an empty one");
  prompt.kind = prompt_kind_from(text_of(row, "kind", "full"));
  prompt.parent = text_of(row, "parent", "");
  prompt.accepted = accepted_of(row);
  return prompt;
}

PromptSet read_table(const std::filesystem::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return parse_prompts_tsv(text, path.string());
  } catch (const std::invalid_argument& error) {
    throw FileError(error.what());
  }
}

}  // namespace

PromptSet read_prompts(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw FileError(path.string() + ": cannot read the prompts; is the path right?");
  if (path.extension() == ".tsv") return read_table(path);
  JsonLines rows(path);
  PromptSet set;
  set.name = path.stem().string();
  set.version = "file";  // its content is known by its hash
  std::set<std::string> ids;
  while (const auto line = rows.next_line()) {
    const Json row = rows.parse(*line);
    try {
      set.prompts.push_back(prompt_of(row, rows.line()));
      if (!ids.insert(set.prompts.back().id).second)
        throw std::invalid_argument(fmt::format("id \"{}\" occurs twice", set.prompts.back().id));
    } catch (const std::exception& error) {
      throw rows.error(error.what());
    }
  }
  if (set.prompts.empty()) throw FileError(path.string() + ": no prompts in it");
  try {
    set.validate();
  } catch (const std::invalid_argument& error) {
    throw FileError(fmt::format("{}: {}", path.string(), error.what()));
  }
  return set;
}

}  // namespace ifstop::report
