#include "inputs.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "ifstop/llama/config.hpp"
#include "ifstop/prompts/template.hpp"

namespace sft_llama {
namespace {

using namespace ifstop;

/// Prompts as the evaluation makes them; answers end with the template's own end marker, if it has one.
sft::Encoding encoding_for(const Tokenizer& tokenizer, const Template& prompt_template) {
  if (tokenizer.eos().empty())
    throw UsageError(
        "the tokenizer has no end-of-sequence token: a model cannot learn to end its answers without one");
  const auto& ends = prompt_template.end_markers();
  const std::string end = ends.empty() ? "" : ends.front();
  return {
      [tokenizer](std::string_view text) { return tokenizer.encode(text); },
      [tokenizer, end](std::string_view text) { return tokenizer.encode(std::string(text) + end, false); },
      tokenizer.eos().front()};
}

std::int64_t sequence_limit(const Options& options, const LlamaConfig& config) {
  if (options.max_seq_length == 0) return config.max_position_embeddings;
  if (options.max_seq_length > config.max_position_embeddings)
    throw UsageError(fmt::format("max_seq_length = {}: the model's max_position_embeddings is {}",
                                 options.max_seq_length, config.max_position_embeddings));
  return options.max_seq_length;
}

Placement placement(const Options& options) {
  const bool cuda = options.device == "auto" && torch::cuda::is_available();
  return {device_from(options.device == "auto" ? (cuda ? "cuda" : "cpu") : options.device),
          dtype_from(options.dtype)};
}

std::vector<std::string> notes_on(const Options& options, const sft::DataSet& rows,
                                  const sft::TokenizedData& data, std::int64_t limit) {
  std::vector<std::string> notes{fmt::format("{}: {} examples, {} tokens, {} of them with loss",
                                             options.train_file, data.examples.size(), data.tokens,
                                             data.answer_tokens)};
  if (!rows.skipped.empty())
    notes.push_back(
        fmt::format("{} bad rows left out, the first: {}", rows.skipped.size(), rows.skipped.front()));
  if (data.truncated > 0)
    notes.push_back(fmt::format("{} examples cut at max_seq_length = {} tokens", data.truncated, limit));
  if (!data.answerless.empty())
    notes.push_back(
        fmt::format("{} examples left out: their prompts alone fill {} tokens (the first: line {})",
                    data.answerless.size(), limit, data.answerless.front()));
  return notes;
}

}  // namespace

Inputs read_inputs(const Options& options, const std::filesystem::path& weights) {
  const Template prompt_template = Template::from(options.template_name);
  const sft::DataSet rows = sft::load_examples(options.train_file, {.skip_bad = options.skip_bad});
  const LlamaConfig config = read_llama_config(weights);
  Tokenizer tokenizer = Tokenizer::load(weights);
  tokenizer.check_fits(config.vocab_size);
  const std::int64_t limit = sequence_limit(options, config);
  sft::TokenizedData data = sft::tokenize(rows.examples,
                                          [&](std::string_view instruction, std::string_view input) {
                                            return prompt_template.apply(instruction, input);
                                          },
                                          encoding_for(tokenizer, prompt_template),
                                          {.max_seq_length = limit, .vocabulary = config.vocab_size});
  auto notes = notes_on(options, rows, data, limit);
  return {std::move(tokenizer),
          Llama::load(weights, placement(options)),
          std::move(data),
          read_companion_files(weights),
          limit,
          std::move(notes)};
}

std::string data_options(const Options& options, const sft::TokenizedData& data) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a over all token ids
  for (const auto& example : data.examples)
    for (const std::int32_t token : example.tokens)
      hash = (hash ^ static_cast<std::uint32_t>(token)) * 0x100000001b3ULL;
  return fmt::format(
      "{} examples with hash {:016x}, seed = {}, packing = {}, per_device_train_batch_size = {}, "
      "gradient_accumulation_steps = {}",
      data.examples.size(), hash, options.seed, options.packing, options.per_device_train_batch_size,
      options.gradient_accumulation_steps);
}

}  // namespace sft_llama
