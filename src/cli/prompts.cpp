// ifstop prompts: the built-in prompts, or a set cut from instructions of one's own, as a file.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/commands.hpp"
#include "ifstop/prompts/cut_prompts.hpp"
#include "ifstop/prompts/tsv.hpp"
#include "ifstop/report/json.hpp"
#include "sft/rows.hpp"
#include "support/json_text.hpp"

namespace ifstop::cli {
namespace {

using report::Json;

struct PromptsOptions {
  std::string from;  ///< data to cut prompts from; empty: the built-in set
  std::string out;   ///< where the set goes; empty: standard output; .tsv: a table, else JSON Lines
  std::string rest;  ///< where the rows go that were not taken; empty: nowhere
  std::string name, style = "any";
  std::vector<std::string> kinds;  ///< which; empty: all
  std::size_t instructions = CutPromptsOptions{}.instructions;
  std::size_t subset = 0;  ///< how many prompts; 0: all
  std::uint64_t seed = 0;
};

/// A row of the user's data.
struct DataRow {
  std::string_view text;    ///< as it stands in the file
  std::string instruction;  ///< with its input
};

std::string text_at(const Json& row, const char* key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The first thing a user says in a conversation, as OpenAI and ShareGPT write them.
std::string first_turn(const Json& row) {
  for (const char* key : {"messages", "conversations"}) {
    const auto turns = row.find(key);
    if (turns == row.end() || !turns->is_array()) continue;
    for (const auto& turn : *turns) {
      if (!turn.is_object()) continue;
      const auto role = text_at(turn, "role") + text_at(turn, "from");
      if (role == "user" || role == "human") return text_at(turn, "content") + text_at(turn, "value");
    }
  }
  return "";
}

std::string instruction_of(const Json& row) {
  auto text = text_at(row, "instruction");
  if (text.empty()) text = text_at(row, "prompt");
  if (text.empty()) text = first_turn(row);
  const auto input = text_at(row, "input");
  return input.empty() || text.empty() ? text : text + "\n\n" + input;
}

std::vector<DataRow> read_data(const std::string& path, const std::string& bytes) {
  std::vector<DataRow> rows;
  const auto refuse = [&](std::size_t line, std::size_t row, std::string_view what) {
    throw UsageError(row > 0 ? fmt::format("{}:{}: row {}: {}", path, line, row, what)
                             : fmt::format("{}:{}: {}", path, line, what));
  };
  try {
    for (const auto& raw : sft::split_rows(bytes)) {
      Json row;
      try {
        row = support::parse_json<Json>(raw.text);
      } catch (const support::JsonError& error) {
        refuse(raw.line, raw.row, error.what());
      }
      if (!row.is_object()) refuse(raw.line, raw.row, "not a JSON object");
      auto instruction = instruction_of(row);
      if (instruction.empty())
        refuse(raw.line, raw.row, "no \"instruction\", no \"prompt\", and no turn of a user in \"messages\"");
      rows.push_back({raw.text, std::move(instruction)});
    }
  } catch (const sft::RowError& error) {
    refuse(error.line, 0, error.what());
  }
  return rows;
}

std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw UsageError(path + ": cannot read; is the path right?");
  return bytes;
}

PromptSet cut_from_data(const PromptsOptions& o) {
  const auto bytes = read_bytes(o.from);
  const auto rows = read_data(o.from, bytes);
  std::vector<std::string> instructions;
  for (const auto& row : rows) instructions.push_back(row.instruction);
  const auto stem = std::filesystem::path(o.from).stem().string();
  auto cut = cut_prompts(
      instructions, {.instructions = o.instructions, .style = fragment_style_from(o.style), .seed = o.seed},
      o.name.empty() ? stem : o.name);
  if (o.rest.empty()) return cut.set;
  // Rows with the same instruction as a taken one stay out too.
  std::set<std::string> taken;
  for (auto i : cut.taken) taken.insert(instructions[i]);
  std::string rest;
  for (const auto& row : rows)
    if (taken.count(row.instruction) == 0) rest += report::to_line(Json::parse(row.text)) + '\n';
  report::write_atomically(o.rest, rest);
  return cut.set;
}

std::string to_json_lines(const PromptSet& set) {
  std::string text;
  for (const auto& prompt : set.prompts) {
    Json row{{"id", prompt.id}, {"kind", to_string(prompt.kind)}};
    if (!prompt.parent.empty()) row["parent"] = prompt.parent;
    row["prompt"] = prompt.text;
    if (!prompt.accepted.empty()) row["accepted"] = prompt.accepted;
    text += report::to_line(row) + '\n';
  }
  return text;
}

void run(const PromptsOptions& o) {
  if (!o.rest.empty() && o.from.empty()) throw UsageError("--rest needs --from: rows of what data?");
  auto set = o.from.empty() ? PromptSet::builtin() : cut_from_data(o);
  std::set<PromptKind> kinds;
  for (const auto& kind : o.kinds) kinds.insert(prompt_kind_from(kind));
  if (!kinds.empty())
    std::erase_if(set.prompts, [&](const Prompt& prompt) { return kinds.count(prompt.kind) == 0; });
  if (o.subset > 0) set = set.subset(o.subset, o.seed);
  if (set.prompts.empty()) throw UsageError("no prompts of that kind are in the set");
  const bool table = std::filesystem::path(o.out).extension() == ".tsv";
  if (table) set.validate();  // a table holds each fragment's instruction too
  const auto text = table ? to_tsv(set) : to_json_lines(set);
  if (o.out.empty() || o.out == "-")
    fmt::print("{}", text);
  else
    report::write_atomically(o.out, text);
  fmt::print(stderr, "ifstop: {} {}: {} full, {} partial, {} preference, hash {}\n", set.name, set.version,
             set.count(PromptKind::full), set.count(PromptKind::partial), set.count(PromptKind::preference),
             set.hash());
}

}  // namespace

void add_prompts(CLI::App& app) {
  auto options = std::make_shared<PromptsOptions>();
  auto* command =
      app.add_subcommand("prompts", "Write the built-in prompts, or a set cut from your own data");
  command->add_option(
      "--from", options->from,
      "JSON Lines or a JSON array with instruction (and input), prompt, or messages; default: "
      "the built-in set");
  command
      ->add_option("--instructions", options->instructions,
                   "How many instructions of --from; each is asked whole and as a fragment; 0 = all")
      ->capture_default_str();
  command
      ->add_option("--style", options->style,
                   "Where fragments end: word, phrase, clause, any (of these three), character (the paper's)")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of the choice and of the cuts")->capture_default_str();
  command->add_option("--rest", options->rest,
                      "Write the rows of --from that were not taken: train on these");
  command->add_option("--name", options->name, "Name of the set (default: the data's file name)");
  command->add_option("--kind", options->kinds, "Only these: full, partial, preference")->delimiter(',');
  command->add_option("--subset", options->subset, "A balanced sample of so many prompts; 0 = all");
  command->add_option("--out", options->out,
                      "A file (.tsv: a table, else JSON Lines); default: standard output");
  command->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
