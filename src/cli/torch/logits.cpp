// ifstop logits: what a model computes, for checking it against others.
#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "ifstop/llama/error_text.hpp"
#include "ifstop/llama/model.hpp"

namespace ifstop::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* help =
    R"(  ifstop logits --model DIR --tokens IN.jsonl --out OUT.jsonl [--all]

IN   a JSON object a line with "tokens": a list of ids. No tokenizer is needed and no token is added.
OUT  the same objects with "logits": numbers, one for each entry of the vocabulary, after the last token; with --all a
     list of such lists, one a token. Numbers read back as the same 32-bit floats; what is not finite is null.

Exit codes: 0 done, 2 bad input (file and line are named; OUT is not written then).)";

struct Options {
  std::string model, tokens, out, dtype = "f32", device = "cpu";
  bool all = false;
  int threads = 0;
};

struct Row {
  Json json;
  std::vector<std::int64_t> tokens;
};

Row read_row(const std::string& line, const std::string& where, std::int64_t vocab_size,
             std::int64_t max_tokens) {
  Row row;
  try {
    row.json = Json::parse(line);
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("{}: not JSON: {}", where, error.what()));
  }
  if (!row.json.is_object() || !row.json.contains("tokens") || !row.json["tokens"].is_array())
    throw UsageError(where + ": has no list \"tokens\"");
  for (const auto& id : row.json["tokens"]) {
    if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() >= vocab_size)
      throw UsageError(fmt::format("{}: \"tokens\" holds {}, which is no id of a vocabulary of {}", where,
                                   id.dump(), vocab_size));
    row.tokens.push_back(id.get<std::int64_t>());
  }
  if (row.tokens.empty()) throw UsageError(where + ": \"tokens\" is empty");
  if (static_cast<std::int64_t>(row.tokens.size()) > max_tokens)
    throw UsageError(fmt::format("{}: {} tokens are more than max_position_embeddings = {}", where,
                                 row.tokens.size(), max_tokens));
  row.json.erase("logits");
  return row;
}

std::vector<Row> read_rows(const std::string& path, const LlamaConfig& config) {
  std::ifstream in(path);
  if (!in) throw UsageError(path + ": cannot be opened");
  std::vector<Row> rows;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number)
    if (!line.empty())
      rows.push_back(read_row(line, fmt::format("{}:{}", path, number), config.vocab_size,
                              config.max_position_embeddings));
  return rows;
}

void append_numbers(std::string& out, const at::Tensor& row) {
  const auto* values = row.const_data_ptr<float>();
  out += '[';
  for (std::int64_t i = 0; i < row.numel(); ++i) {
    if (i > 0) out += ',';
    out += std::isfinite(values[i]) ? fmt::format("{}", values[i]) : "null";
  }
  out += ']';
}

// The row as text, with its logits [n, V] at the end.
std::string with_logits(const Row& row, const at::Tensor& logits, bool all) {
  auto text = row.json.dump();
  text.back() = ',';
  text += "\"logits\":";
  if (all) text += '[';
  for (std::int64_t i = 0; i < logits.size(0); ++i) {
    if (i > 0) text += ',';
    append_numbers(text, logits[i]);
  }
  if (all) text += ']';
  return text + "}\n";
}

void run(const Options& options) {
  if (options.threads > 0) at::set_num_threads(options.threads);
  torch::InferenceMode inference;
  auto model = Llama::load(options.model, {device_from(options.device), dtype_from(options.dtype)});
  model.eval();
  const auto rows = read_rows(options.tokens, model.config());
  std::ofstream out(options.out, std::ios::binary);
  if (!out) throw UsageError(options.out + ": cannot be written");
  for (const auto& row : rows) {
    const auto length = static_cast<std::int64_t>(row.tokens.size());
    auto hidden = model.hidden({row.tokens, {length}, {}});
    if (!options.all) hidden = hidden.narrow(0, length - 1, 1);
    out << with_logits(row, model.logits(hidden).to(at::kCPU, at::kFloat).contiguous(), options.all);
  }
  if (!out.flush()) throw UsageError(options.out + ": cannot be written");
}

}  // namespace

void add_logits(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "logits",
      "Computes the logits of token sequences, so that a model can be checked against another program.");
  command->footer(help);
  command->add_option("--model", options->model, "Hugging Face folder of a LLaMA")->required();
  command->add_option("--tokens", options->tokens, "JSON Lines with \"tokens\"")->required();
  command->add_option("--out", options->out, "JSON Lines to write")->required();
  command->add_flag("--all", options->all, "logits after every token instead of the last");
  command->add_option("--dtype", options->dtype, "type of the weights: f32, bf16, f16")
      ->capture_default_str();
  command->add_option("--device", options->device, "cpu, cuda, cuda:N")->capture_default_str();
  command->add_option("--threads", options->threads, "threads of one operation; 0 = all cores")
      ->capture_default_str();
  command->callback([options] {
    try {
      run(*options);
    } catch (const std::exception& error) {
      throw UsageError(error_text(error));
    }
  });
}

}  // namespace ifstop::cli
