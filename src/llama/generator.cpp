#include "ifstop/llama/generator.hpp"

#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>
#include <stdexcept>

#include "ifstop/llama/guard.hpp"
#include "llama/decode_loop.hpp"
#include "llama/text_row.hpp"

namespace ifstop {
namespace {

void check_positive(const char* field, std::int64_t value) {
  if (value < 1) throw std::invalid_argument(fmt::format("{} is {}, but must be at least 1", field, value));
}

void check(const TokenRequest& request) {
  check_positive("max_new_tokens", request.max_new_tokens);
  if (!(request.temperature >= 0.0) || !std::isfinite(request.temperature))
    throw std::invalid_argument(
        fmt::format("temperature is {}, but must be 0 (greedy) or a positive number", request.temperature));
  if (!(request.top_p > 0.0 && request.top_p <= 1.0))
    throw std::invalid_argument(fmt::format("top_p is {}, but must be above 0 and at most 1", request.top_p));
  if (request.temperature > 0.0 && request.seeds.size() != request.prompts.size())
    throw std::invalid_argument(
        fmt::format("seeds has {} numbers for {} prompts; sampling (temperature {}) needs one each",
                    request.seeds.size(), request.prompts.size(), request.temperature));
}

// A prompt must leave room for one token; a completion that reaches the end of the context ends as `length`.
void check_prompt(std::size_t index, const std::vector<std::int64_t>& prompt, const LlamaConfig& config) {
  const auto length = static_cast<std::int64_t>(prompt.size()), most = config.max_position_embeddings - 1;
  if (prompt.empty()) throw PromptError(index, fmt::format("prompt {} has no tokens", index + 1));
  if (length > most)
    throw PromptError(index,
                      fmt::format("prompt {} has {} tokens, but with max_position_embeddings = {} at most {} "
                                  "leave room for an answer; shorten the prompt",
                                  index + 1, length, most + 1, most));
  for (const auto token : prompt)
    if (token < 0 || token >= config.vocab_size)
      throw PromptError(index, fmt::format("prompt {}: token {} is outside the vocabulary of {}", index + 1,
                                           token, config.vocab_size));
}

TokenRequest token_request(const TextRequest& request, const Tokenizer& tokenizer) {
  const auto count = request.prompts.size();
  if (!request.prompt_tokens.empty() && request.prompt_tokens.size() != count)
    throw std::invalid_argument(
        fmt::format("prompt_tokens has {} entries for {} prompts", request.prompt_tokens.size(), count));
  TokenRequest tokens;
  tokens.max_new_tokens = request.max_new_tokens;
  tokens.temperature = request.temperature;
  tokens.top_p = request.top_p;
  tokens.seeds = request.seeds;
  tokens.eos = tokenizer.eos();
  tokens.cancelled = request.cancelled;
  tokens.prompts = request.prompt_tokens;
  tokens.prompts.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    if (tokens.prompts[i].empty()) tokens.prompts[i] = tokenizer.encode(request.prompts[i]);
  return tokens;
}

void no_autocast() {
  for (const auto device : {at::kCPU, at::kCUDA}) at::autocast::set_autocast_enabled(device, false);
}

}  // namespace

Generator::Generator(Llama model, GeneratorOptions options) : model_(std::move(model)), options_(options) {
  check_positive("max_batch", options_.max_batch);
  check_positive("cache_bytes", options_.cache_bytes);
  check_positive("prefill_tokens", options_.prefill_tokens);
}

Generator::Generator(Llama model, Tokenizer tokenizer, GeneratorOptions options)
    : Generator(std::move(model), options) {
  tokenizer.check_fits(model_.config().vocab_size);
  tokenizer_ = std::make_shared<const Tokenizer>(std::move(tokenizer));
}

std::vector<TokenCompletion> Generator::complete_tokens(const TokenRequest& request) const {
  check(request);
  for (std::size_t i = 0; i < request.prompts.size(); ++i)
    check_prompt(i, request.prompts[i], model_.config());
  auto model = model_;
  const TrainingStateGuard guard(model.module());
  model.eval();
  no_autocast();
  const c10::InferenceMode inference;
  return llama::DecodeLoop(model.model(), request, options_).run();
}

std::vector<TextCompletion> Generator::complete(const TextRequest& request) const {
  if (!tokenizer_) throw std::logic_error("Generator: text needs a tokenizer; this one was made without");
  const llama::TextEnds ends{request.stop, request.end_markers, request.stop_at_turn};
  llama::check(ends);
  auto tokens = token_request(request, *tokenizer_);
  std::vector<llama::TextRow> rows;
  for (std::size_t i = 0; i < request.prompts.size(); ++i) {
    const bool given = !request.prompt_tokens.empty() && !request.prompt_tokens[i].empty();
    rows.emplace_back(given ? tokenizer_->decode(tokens.prompts[i]) : request.prompts[i], ends);
  }
  tokens.observe = [&](std::size_t prompt, std::int64_t token) {
    return rows[prompt].add(tokenizer_->bytes(token));
  };

  auto raw = complete_tokens(tokens);
  std::vector<TextCompletion> completions(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    auto& completion = completions[i];
    completion.finish_reason = rows[i].finish(raw[i].finish_reason);
    completion.text = rows[i].text();
    completion.tokens = raw[i].sampled;
    completion.ids = std::move(raw[i].tokens);
    completion.ids.resize(rows[i].tokens_within());
  }
  return completions;
}

std::vector<Completion> Generator::operator()(const GenerateRequest& request) const {
  TextRequest with_defaults;
  static_cast<GenerateRequest&>(with_defaults) = request;
  auto completions = complete(with_defaults);
  return {completions.begin(), completions.end()};
}

}  // namespace ifstop
