// ifstop generate: prompts in, completions out, with a model of a checkpoint folder.
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.hpp"
#include "ifstop/llama/error_text.hpp"
#include "ifstop/llama/generator.hpp"
#include "ifstop/llama/special_tokens.hpp"
#include "ifstop/prompts/template.hpp"
#include "ifstop/report/json.hpp"

namespace ifstop::cli {
namespace {

using report::Json;

struct Options {
  std::string model, prompts, out, stats;
  std::vector<std::string> stop;
  bool stop_at_turn = false;
  double temperature = 0.0, top_p = 1.0;
  std::uint64_t seed = 0;
  std::int64_t max_new_tokens = 128, batch_size = GeneratorOptions{}.max_batch;
  std::string dtype = "f32", device = "cpu", template_name = "bare";
  int threads = 0;
};

struct Input {
  Json row;
  std::size_t line;
};

[[noreturn]] void refuse(const Options& options, std::size_t line, const std::string& what) {
  throw UsageError(fmt::format("{}:{}: {}", options.prompts, line, what));
}

void check_row(const Options& options, const Json& row, std::size_t line) {
  if (!row.is_object()) refuse(options, line, "not a JSON object");
  if (row.contains("prompt_tokens")) {
    const auto& tokens = row["prompt_tokens"];
    bool good = tokens.is_array() && !tokens.empty();
    for (const auto& token : tokens) good = good && token.is_number_integer();
    if (!good) refuse(options, line, "\"prompt_tokens\" must be a list of token ids, at least one");
  } else if (!row.contains("prompt")) {
    refuse(options, line, "neither \"prompt\" (text) nor \"prompt_tokens\" (ids)");
  } else if (!row["prompt"].is_string()) {
    refuse(options, line, "\"prompt\" must be a string");
  } else if (row.contains("input") && !row["input"].is_string() && !row["input"].is_null()) {
    refuse(options, line, "\"input\" must be a string");
  }
}

std::vector<Input> read_rows(const Options& options) {
  std::ifstream file(options.prompts);
  if (!file) throw UsageError(options.prompts + ": cannot be read");
  std::vector<Input> rows;
  std::string text;
  for (std::size_t line = 1; std::getline(file, text); ++line) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      rows.push_back({Json::parse(text), line});
    } catch (const Json::exception& error) {
      refuse(options, line, error.what());
    }
    check_row(options, rows.back().row, line);
  }
  return rows;
}

// The prompt as the model reads it: with its template, and its input where it has one.
std::string full_prompt(const Template& form, const Json& row) {
  const auto input = row.find("input");
  const bool given = input != row.end() && input->is_string();
  return form.apply(row["prompt"].get<std::string>(), given ? input->get<std::string>() : "");
}

TextRequest text_request(const Options& options, const std::vector<Input>& rows) {
  const auto form = Template::from(options.template_name);
  TextRequest request;
  request.max_new_tokens = options.max_new_tokens;
  request.temperature = options.temperature;
  request.top_p = options.top_p;
  request.stop = options.stop;
  request.stop_at_turn = options.stop_at_turn;
  request.end_markers = form.end_markers();
  for (const auto& [row, line] : rows) {
    const bool ids = row.contains("prompt_tokens");
    request.prompts.push_back(ids ? "" : full_prompt(form, row));
    request.prompt_tokens.push_back(ids ? row["prompt_tokens"].get<std::vector<std::int64_t>>()
                                        : std::vector<std::int64_t>{});
    request.seeds.push_back(options.seed + request.seeds.size());
  }
  return request;
}

// A tokenizer where a prompt needs one or the folder has one.
std::optional<Tokenizer> load_tokenizer(const Options& options, const std::vector<Input>& rows) {
  bool needed = !options.stop.empty() || options.stop_at_turn;
  for (const auto& input : rows) needed = needed || !input.row.contains("prompt_tokens");
  if (!needed && !std::filesystem::exists(std::filesystem::path(options.model) / "tokenizer.model"))
    return std::nullopt;
  return Tokenizer::load(options.model);
}

// Completions as ids alone, where there is no tokenizer.
std::vector<TextCompletion> complete_ids(const Generator& generator, const Options& options,
                                         TextRequest request) {
  TokenRequest tokens;
  tokens.prompts = std::move(request.prompt_tokens);
  tokens.max_new_tokens = request.max_new_tokens;
  tokens.temperature = request.temperature;
  tokens.top_p = request.top_p;
  tokens.seeds = std::move(request.seeds);
  tokens.eos = read_special_tokens(options.model).eos;
  std::vector<TextCompletion> completions;
  for (auto& raw : generator.complete_tokens(tokens)) {
    auto& completion = completions.emplace_back();
    completion.ids = std::move(raw.tokens);
    completion.tokens = raw.sampled;
    completion.finish_reason = raw.finish_reason;
  }
  return completions;
}

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

void write(const Options& options, std::vector<Input>& rows, const std::vector<TextCompletion>& completions,
           bool with_text) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i].row;
    row["completion"] = with_text ? Json(completions[i].text) : Json(nullptr);
    row["tokens"] = completions[i].ids;
    row["finish_reason"] = to_string(completions[i].finish_reason);
    text += report::to_line(row) + "\n";
  }
  report::write_atomically(options.out, text);
}

void generate(const Options& options) {
  auto rows = read_rows(options);
  if (options.threads > 0) at::set_num_threads(options.threads);
  const auto request = text_request(options, rows);
  const Stopwatch load;
  auto model = Llama::load(options.model, {device_from(options.device), dtype_from(options.dtype)});
  const auto tokenizer = load_tokenizer(options, rows);
  const GeneratorOptions batch{.max_batch = options.batch_size};
  const auto generator = tokenizer ? Generator(model, *tokenizer, batch) : Generator(model, batch);
  const double seconds_load = load.seconds();

  const Stopwatch watch;
  std::vector<TextCompletion> completions;
  try {
    completions = tokenizer ? generator.complete(request) : complete_ids(generator, options, request);
  } catch (const PromptError& error) {
    refuse(options, rows[error.prompt].line, error.what());
  }
  const double seconds_generate = watch.seconds();
  write(options, rows, completions, tokenizer.has_value());
  if (options.stats.empty()) return;
  std::int64_t generated = 0;
  for (const auto& completion : completions) generated += completion.tokens;
  const Json stats{{"schema_version", report::schema_version},
                   {"prompts", rows.size()},
                   {"generated_tokens", generated},
                   {"seconds_load", seconds_load},
                   {"seconds_generate", seconds_generate}};
  report::write_atomically(options.stats, stats.dump(2) + "\n");
}

void run(const Options& options) {
  try {
    generate(options);
  } catch (const std::exception& error) {
    throw UsageError(error_text(error));
  }
}

// Options may be written with '-' or '_'.
std::string both(const std::string& name) {
  auto other = name;
  for (auto& c : other)
    if (c == '-') c = '_';
  return "--" + name + (other == name ? "" : ",--" + other);
}

}  // namespace

void add_generate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("generate", "Complete prompts with a model");
  command->add_option(both("model"), options->model, "Hugging Face folder")->required();
  command
      ->add_option(both("prompts"), options->prompts,
                   "JSON Lines: \"prompt\" (text) or \"prompt_tokens\" (ids)")
      ->required();
  command
      ->add_option(both("out"), options->out,
                   "JSON Lines: the input's rows with completion, tokens, finish_reason")
      ->required();
  command->add_option(both("stats"), options->stats,
                      "JSON: generated_tokens, seconds_load, seconds_generate");
  command->add_option(both("stop"), options->stop, "text that ends a completion; may be given several times")
      ->allow_extra_args(false);
  command->add_flag(both("stop-at-turn"), options->stop_at_turn, "end a completion where a new turn begins");
  command->add_option(both("temperature"), options->temperature, "0 = greedy")->capture_default_str();
  command->add_option(both("top-p"), options->top_p, "sample from the most likely tokens that hold this mass")
      ->capture_default_str();
  command->add_option(both("seed"), options->seed, "of sampling")->capture_default_str();
  command->add_option(both("max-new-tokens"), options->max_new_tokens, "a completion's limit")
      ->capture_default_str();
  command->add_option(both("batch-size"), options->batch_size, "rows decoded together")
      ->capture_default_str();
  command->add_option(both("dtype"), options->dtype, "f32, bf16 or f16")->capture_default_str();
  command->add_option(both("device"), options->device, "cpu, cuda, cuda:1")->capture_default_str();
  command->add_option(both("threads"), options->threads, "0 = as many as LibTorch takes")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option(both("template"), options->template_name,
                   "put around each \"prompt\" (and its \"input\"): a name or a text with {instruction}")
      ->capture_default_str();
  command->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
