#include "cli/scored_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/commands.hpp"
#include "ifstop/score/builtin_judges.hpp"
#ifdef IFSTOP_WITH_SERVER
#include "ifstop/score/server_judge.hpp"
#endif

namespace ifstop::cli {
namespace {

using report::BadLine;
using report::FileError;
using report::Json;
using report::JsonLines;

std::string weights_bytes(const std::string& path) {
  if (std::filesystem::is_directory(path))
    throw UsageError(path + ": is a folder, not a file of judge weights");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError(path + ": cannot read the judge's weights; is the path right?");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::unique_ptr<Judge> server_judge(const JudgeOptions& options) {
  if (options.server.empty()) return nullptr;
#ifdef IFSTOP_WITH_SERVER
  ServerJudgeOptions o{.url = options.server, .model = options.server_model};
  o.timeout_seconds = options.server_timeout;
  o.cache = options.server_cache;
  if (!options.server_key_env.empty()) {
    const char* key = std::getenv(options.server_key_env.c_str());
    if (!key) throw UsageError("--server-key-env: there is no variable " + options.server_key_env);
    o.api_key = key;
  }
  try {
    return std::make_unique<ServerJudge>(std::move(o));
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
#else
  throw UsageError(
      "--server: this build is without libcurl; on Debian install libcurl4-openssl-dev and configure again");
#endif
}

/// The text under a key; nothing where the key is missing or null.
std::optional<std::string> text_at(const Json& row, const char* key, const JsonLines& in) {
  const auto found = row.find(key);
  if (found == row.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) throw in.error(fmt::format("\"{}\" is not a text", key));
  return found->get<std::string>();
}

/// A name: a text or a whole number; empty where the key is missing or null.
std::string name_at(const Json& row, const char* key, const JsonLines& in) {
  const auto found = row.find(key);
  if (found != row.end() && found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  return text_at(row, key, in).value_or("");
}

[[noreturn]] void missing(const char* what, const Json& row, const JsonLines& in) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : row.items())
    if (keys.size() < 10) keys.push_back(key.substr(0, 40));
  throw in.error(fmt::format("no {} (its keys: {})", what,
                             keys.empty() ? "none" : fmt::format("{}", fmt::join(keys, ", "))));
}

/// Whether a template is still around a prompt: judges read the instruction itself.
bool holds_template(std::string_view prompt) {
  constexpr std::array<std::string_view, 4> markers{"### Response:", "[/INST]", "<|im_start|>",
                                                    "<|assistant|>"};
  return std::any_of(markers.begin(), markers.end(),
                     [&](std::string_view marker) { return prompt.find(marker) != prompt.npos; });
}

Completion completion_of(const Json& row, const JsonLines& in) {
  Completion completion;
  auto text = text_at(row, "response", in);
  if (!text) text = text_at(row, "completion", in);
  if (!text) missing("\"response\" and no \"completion\"", row, in);
  completion.text = std::move(*text);
  if (const auto reason = text_at(row, "finish_reason", in)) try {
      completion.finish_reason = finish_reason_from(*reason);
    } catch (const std::invalid_argument& error) {
      throw in.error(error.what());
    }
  return completion;
}

JudgedInput read_row(const std::string& line, const JsonLines& in, const std::string& file,
                     InputNotes& notes) {
  JudgedInput input;
  input.row = in.parse(line);
  auto prompt = text_at(input.row, "prompt", in);
  if (!prompt) missing("\"prompt\"", input.row, in);
  if (prompt->find_first_not_of(" \t\r\n") == std::string::npos) throw in.error("\"prompt\" is empty");
  input.prompt.text = std::move(*prompt);
  notes.in_template += holds_template(input.prompt.text);
  input.prompt.id = name_at(input.row, "id", in);
  input.prompt.parent = name_at(input.row, "parent", in);
  input.completion = completion_of(input.row, in);
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

void add_judge_options(CLI::App& command, JudgeOptions& o) {
  command.add_option("--weights", o.weights, "Weights of a tone judge (default: built in)");
  command.add_option("--server", o.server,
                     "Address of an OpenAI-compatible server that judges objectivity, such as "
                     "http://localhost:8000/v1 (default: the built-in judge)");
  command.add_option("--server-model,--server_model", o.server_model, "The server's model");
  command.add_option("--server-key-env,--server_key_env", o.server_key_env,
                     "Environment variable that holds the server's key");
  command.add_option("--server-cache,--server_cache", o.server_cache,
                     "File that keeps the server's verdicts");
  command.add_option("--server-timeout,--server_timeout", o.server_timeout, "Seconds for one request")
      ->capture_default_str();
}

Judges::Judges(const JudgeOptions& options) {
  if (!options.weights.empty())
    own_tone = std::make_unique<LinearJudge>(
        LinearJudge::from_bytes(weights_bytes(options.weights), options.weights));
  own_objectivity = server_judge(options);
  tone = own_tone ? own_tone.get() : &builtin_tone_judge();
  objectivity = own_objectivity ? own_objectivity.get() : &builtin_objectivity_judge();
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
  while (true) {
    try {
      const auto line = in.next_line();
      if (!line) break;
      chunk.push_back(read_row(*line, in, name, notes));
    } catch (const BadLine& error) {
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
  if (notes.in_template * 2 > notes.rows)
    result.push_back(fmt::format(
        "{}: {} of {} prompts have a template around them, which the judge was not made for: give "
        "the instruction itself as \"prompt\"",
        path, notes.in_template, notes.rows + notes.bad));
  if (!notes.unknown_kinds.empty())
    result.push_back(
        fmt::format("{}: kind {} is none of full, partial, preference: kept, and treated as absent", path,
                    fmt::join(notes.unknown_kinds, ", ")));
  return result;
}

}  // namespace ifstop::cli
