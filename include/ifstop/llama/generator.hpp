// Batched generation: prompts in, completions out, on any device and in any floating type.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "ifstop/generate.hpp"
#include "ifstop/llama/model.hpp"
#include "ifstop/llama/tokenizer.hpp"

namespace ifstop {

/// How much runs at once. Nothing here changes what is generated, but for the last bits of the logits.
struct GeneratorOptions {
  std::int64_t max_batch = 64;  ///< rows decoded together; at least 1
  std::int64_t cache_bytes =
      4LL << 30;  ///< upper limit of the key-value cache; fewer rows run together to keep it
  std::int64_t prefill_tokens = 4096;  ///< prompt tokens that go through the model at once; at least 1
};

/// One batch of prompts as token ids.
struct TokenRequest {
  std::vector<std::vector<std::int64_t>> prompts;  ///< each at least one token
  std::int64_t max_new_tokens = 128;               ///< a completion's limit; at least 1
  double temperature = 0.0;                        ///< 0 = greedy
  double top_p = 1.0;                ///< sample from the most likely tokens that hold this mass; above 0
  std::vector<std::uint64_t> seeds;  ///< one a prompt; needed where temperature > 0
  std::vector<std::int64_t> eos;     ///< any of them ends a completion
  std::function<bool()> cancelled;   ///< polled between decode steps where set; true = throw Cancelled

  /// Called with each new token of a row, end-of-sequence excepted; a reason ends the row.
  /// May be empty. Rows of one step come in the order of their prompts' start.
  std::function<FinishReason(std::size_t prompt, std::int64_t token)> observe;
};

/// A prompt that cannot be completed: no tokens, too many, or ids outside the vocabulary.
struct PromptError : std::invalid_argument {
  PromptError(std::size_t index, const std::string& what) : std::invalid_argument(what), prompt(index) {}
  std::size_t prompt;  ///< its index in the request
};

/// What one row wrote.
struct TokenCompletion {
  std::vector<std::int64_t> tokens;  ///< without prompt and end-of-sequence
  std::int64_t sampled = 0;          ///< tokens, end-of-sequence included
  FinishReason finish_reason = FinishReason::unknown;
};

/// A text request with what a Generate has no words for.
struct TextRequest : GenerateRequest {
  double top_p = 1.0;  ///< as in TokenRequest

  /// Where not empty: one a prompt, and where one of them is not empty it takes the place of the prompt's
  /// text.
  std::vector<std::vector<std::int64_t>> prompt_tokens;
};

/// A completion with its ids.
struct TextCompletion : Completion {
  std::vector<std::int64_t> ids;  ///< those whose text lies within `text`
};

/// Generates with a LLaMA; is a Generate (copy it into a std::function). Copies share the model.
///
/// Prompts are prefilled without padding; rows that finish leave the batch and waiting prompts take their
/// places. Greedy takes the most likely token, the lowest id where several are. Sampling draws its random
/// numbers from the prompt's seed and the token's position alone, so a row does not depend on its neighbours;
/// no global random state is read or written, and neither the model's mode nor grad mode is left changed.
/// Where memory runs out, half as many rows are tried, down to one.
class Generator {
 public:
  /// Throws std::invalid_argument naming field and value where an option is impossible, std::runtime_error
  /// where the tokenizer's vocabulary is larger than the model's.
  Generator(Llama model, Tokenizer tokenizer, GeneratorOptions options = {});

  /// Without a tokenizer: token ids only.
  explicit Generator(Llama model, GeneratorOptions options = {});

  /// One completion for every prompt, in order. Throws Cancelled, and std::invalid_argument where a prompt
  /// and its completion could not fit the model's max_position_embeddings (naming prompt and both numbers),
  /// where seeds are missing, or a limit is impossible; std::logic_error without a tokenizer.
  std::vector<Completion> operator()(const GenerateRequest& request) const;

  /// The same, with nucleus sampling and ids.
  std::vector<TextCompletion> complete(const TextRequest& request) const;

  /// The same, for ids.
  std::vector<TokenCompletion> complete_tokens(const TokenRequest& request) const;

  const GeneratorOptions& options() const { return options_; }

 private:
  Llama model_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  GeneratorOptions options_;
};

}  // namespace ifstop
