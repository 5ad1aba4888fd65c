#include "ifstop/sft/data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sft/rows.hpp"
#include "support/json_text.hpp"

namespace ifstop::sft {
namespace {

using nlohmann::json;

/// What is wrong with a row, without its place.
struct BadRow : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string text_of(const json& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end()) throw BadRow(fmt::format("no \"{}\"", key));
  if (!found->is_string()) throw BadRow(fmt::format("\"{}\" is {}, not a text", key, found->type_name()));
  return found->get<std::string>();
}

std::string text_or(const json& row, const char* key, const std::string& otherwise) {
  const auto found = row.find(key);
  return found == row.end() || found->is_null() ? otherwise : text_of(row, key);
}

bool blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

/// "user", "assistant" or "system" for the names in use.
std::string role_of(const std::string& name) {
  if (name == "user" || name == "human") return "user";
  if (name == "assistant" || name == "gpt" || name == "chatgpt" || name == "bing" || name == "bard")
    return "assistant";
  if (name == "system") return "system";
  throw BadRow(fmt::format("role \"{}\" is none of user, human, assistant, gpt, system", name));
}

std::vector<Turn> conversation(const json& messages, const char* list, const char* role_key,
                               const char* text_key) {
  if (!messages.is_array() || messages.empty()) throw BadRow(fmt::format("\"{}\" is no list of turns", list));
  std::vector<Turn> turns;
  std::string system;
  bool asked = false;  // the last turn awaits its answer
  for (const json& message : messages) {
    if (!message.is_object()) throw BadRow(fmt::format("\"{}\" holds something that is no turn", list));
    const std::string role = role_of(text_of(message, role_key));
    const std::string text = text_of(message, text_key);
    if (role == "system") {
      if (!turns.empty()) throw BadRow("a system message after the first turn");
      system = text;
    } else if (role == "user") {
      if (asked) throw BadRow(fmt::format("two user turns in a row (turn {})", turns.size() + 1));
      const bool lead = turns.empty() && !system.empty();
      turns.push_back({lead ? system + "\n\n" + text : text, "", ""});
      asked = true;
    } else {
      if (!asked) throw BadRow("an assistant turn that answers no user turn");
      turns.back().answer = text;
      asked = false;
    }
  }
  if (turns.empty()) throw BadRow("no user turn");
  if (asked) throw BadRow("the last turn is not the assistant's");
  return turns;
}

Turn alpaca(const json& row) {
  return {text_of(row, "instruction"), text_or(row, "input", ""),
          text_of(row, row.contains("output") || !row.contains("response") ? "output" : "response")};
}

Example example_of(const json& row) {
  if (!row.is_object()) throw BadRow(fmt::format("the row is {}, not an object", row.type_name()));
  Example example;
  if (row.contains("messages")) {
    example.turns = conversation(row["messages"], "messages", "role", "content");
  } else if (row.contains("conversations")) {
    example.turns = conversation(row["conversations"], "conversations", "from", "value");
  } else if (row.contains("instruction")) {
    example.turns = {alpaca(row)};
  } else if (row.contains("prompt")) {
    example.turns = {
        {text_of(row, "prompt"), "",
         text_of(row, row.contains("response") || !row.contains("completion") ? "response" : "completion")}};
    example.formatted = true;
  } else {
    throw BadRow("none of \"instruction\", \"conversations\", \"messages\", \"prompt\"");
  }
  for (const Turn& turn : example.turns) {
    if (blank(turn.instruction) && blank(turn.input)) throw BadRow("the instruction is empty");
    if (blank(turn.answer)) throw BadRow("the answer is empty");
  }
  return example;
}

json parsed(const RawRow& row) {
  try {
    return support::parse_json<json>(row.text);
  } catch (const support::JsonError& error) {
    if (std::string_view(error.what()).starts_with("nested")) throw BadRow(error.what());
    const auto lines = std::count(
        row.text.begin(),
        row.text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, row.text.size())), '\n');
    throw BadRow(lines > 0
                     ? fmt::format("not valid JSON, at line {}", row.line + static_cast<std::size_t>(lines))
                     : "not valid JSON");
  }
}

/// The key of the list of rows where the whole file is one object around it; else nothing.
std::string wrapper_of(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (begin == text.npos || text[begin] != '{') return "";
  try {
    const auto whole = support::parse_json<json>(std::string_view(text).substr(begin));
    for (const char* key : {"instruction", "prompt", "messages", "conversations"})
      if (whole.contains(key)) return "";  // a file of one row
    for (const auto& [key, value] : whole.items())
      if (value.is_array() && !value.empty() && value[0].is_object()) return key;
  } catch (const support::JsonError&) {  // JSON Lines, most likely
  }
  return "";
}

std::string read_file(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file))
    throw DataError(fmt::format("{}: is a folder, not a file of training rows", file.string()));
  std::ifstream in(file, std::ios::binary);
  if (!in) throw DataError(fmt::format("{}: cannot be read; is the path right?", file.string()));
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace

DataSet load_examples(const std::filesystem::path& file, const DataOptions& options) {
  const std::string text = read_file(file);
  if (const auto key = wrapper_of(text); !key.empty())
    throw DataError(fmt::format("{0}: the rows lie under \"{1}\"; the list alone is needed (jq '.{1}' {0})",
                                file.string(), key));
  DataSet set;
  std::size_t line = 1;
  try {
    for (const RawRow& row : split_rows(text)) {
      line = row.line;
      try {
        set.examples.push_back(example_of(parsed(row)));
        set.examples.back().line = row.line;
      } catch (const BadRow& error) {
        set.skipped.push_back(fmt::format("{}:{}: {}{}", file.string(), row.line,
                                          row.row ? fmt::format("row {}: ", row.row) : "", error.what()));
        if (!options.skip_bad)
          throw DataError(set.skipped.back() +
                          ". Correct the row, or leave out bad rows with skip_bad = true");
      }
    }
  } catch (const RowError& error) {
    throw DataError(fmt::format("{}:{}: {}", file.string(), error.line, error.what()));
  }
  if (set.examples.empty())
    throw DataError(fmt::format("{}:{}: no usable row in the file", file.string(), line));
  return set;
}

}  // namespace ifstop::sft
