#include "cli/scored_input.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/commands.hpp"
#include "ifstop/score/builtin_judges.hpp"

namespace ifstop::cli {
namespace {

using report::FileError;
using report::Json;
using report::JsonLines;

std::string weights_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError(path + ": cannot read the judge's weights; is the path right?");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The text under a key; nothing where the key is missing or null.
std::optional<std::string> text_at(const Json& row, const char* key, const JsonLines& in) {
  const auto found = row.find(key);
  if (found == row.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) throw in.error(fmt::format("\"{}\" is not a text", key));
  return found->get<std::string>();
}

std::string response_of(const Json& row, const JsonLines& in) {
  if (auto response = text_at(row, "response", in)) return *response;
  if (auto completion = text_at(row, "completion", in)) return *completion;
  throw in.error("no \"response\" and no \"completion\"");
}

JudgedInput read_row(const std::string& line, const JsonLines& in, const std::string& file,
                     InputNotes& notes) {
  JudgedInput input;
  input.row = in.parse(line);
  input.prompt.id = in.where();
  auto prompt = text_at(input.row, "prompt", in);
  if (!prompt) throw in.error("no \"prompt\"");
  input.prompt.text = std::move(*prompt);
  input.completion.text = response_of(input.row, in);
  if (const auto reason = text_at(input.row, "finish_reason", in)) try {
      input.completion.finish_reason = finish_reason_from(*reason);
    } catch (const std::invalid_argument& error) {
      throw in.error(error.what());
    }
  input.model = text_at(input.row, "model", in).value_or(file);
  if (const auto kind = text_at(input.row, "kind", in)) {
    input.has_kind = *kind == "full" || *kind == "partial" || *kind == "preference";
    if (input.has_kind)
      input.prompt.kind = prompt_kind_from(*kind);
    else if (notes.unknown_kinds.size() < 20)
      notes.unknown_kinds.insert(*kind);
  }
  return input;
}

void judge(std::vector<JudgedInput>& chunk, const Judges& judges) {
  std::vector<Prompt> prompts;
  std::vector<Completion> completions;
  for (auto& input : chunk) {
    prompts.push_back(input.prompt);
    completions.push_back(input.completion);
  }
  auto rows = Scorer(*judges.tone, judges.objectivity).judge(prompts, completions);
  for (std::size_t i = 0; i < chunk.size(); ++i) chunk[i].scored = std::move(rows[i]);
}

}  // namespace

Judges::Judges(const std::string& tone_weights) {
  if (!tone_weights.empty())
    own = std::make_unique<LinearJudge>(LinearJudge::from_bytes(weights_bytes(tone_weights), tone_weights));
  tone = own ? own.get() : &builtin_tone_judge();
  objectivity = &builtin_objectivity_judge();
}

InputNotes judge_file(const std::string& path, const Judges& judges, const InputOptions& options,
                      const std::function<void(std::vector<JudgedInput>&)>& take) {
  constexpr std::size_t rows_a_chunk = 256;
  JsonLines in(path);
  InputNotes notes;
  const auto name = path == "-" ? std::string("-") : std::filesystem::path(path).stem().string();
  std::vector<JudgedInput> chunk;
  const auto flush = [&] {
    if (chunk.empty()) return;
    judge(chunk, judges);
    take(chunk);
    notes.rows += static_cast<std::int64_t>(chunk.size());
    chunk.clear();
  };
  while (const auto line = in.next_line()) {
    try {
      chunk.push_back(read_row(*line, in, name, notes));
    } catch (const FileError& error) {
      if (!options.skip_bad) throw;
      if (notes.bad++ == 0) notes.first_bad = error.what();
    }
    if (chunk.size() == rows_a_chunk) flush();
  }
  flush();
  if (notes.rows == 0)
    throw FileError(fmt::format("{}: {}", path,
                                notes.bad == 0 ? "no rows in it" : "all rows are bad; " + notes.first_bad));
  return notes;
}

std::vector<std::string> sentences(const std::string& path, const InputNotes& notes) {
  std::vector<std::string> result;
  if (notes.bad > 0)
    result.push_back(fmt::format("{}: skipped {} bad row{}; the first: {}", path, notes.bad,
                                 notes.bad == 1 ? "" : "s", notes.first_bad));
  if (!notes.unknown_kinds.empty())
    result.push_back(
        fmt::format("{}: kind {} is none of full, partial, preference: kept, and treated as absent", path,
                    fmt::join(notes.unknown_kinds, ", ")));
  return result;
}

}  // namespace ifstop::cli
