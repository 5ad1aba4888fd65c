#include <fmt/format.h>

#include <algorithm>

#include "ifstop/sft/data.hpp"

namespace ifstop::sft {
namespace {

/// Tokens of a conversation, and whether each is to be learnt.
struct Marked {
  std::vector<std::int64_t> tokens;
  std::vector<bool> learn;

  void add(const std::vector<std::int64_t>& ids, bool learnt) {
    tokens.insert(tokens.end(), ids.begin(), ids.end());
    learn.insert(learn.end(), ids.size(), learnt);
  }
};

Marked marked(const Example& example, const PromptFormat& format, const Encoding& encoding) {
  Marked all;
  for (const Turn& turn : example.turns) {
    all.add(
        encoding.encode_prompt(example.formatted ? turn.instruction : format(turn.instruction, turn.input)),
        false);
    all.add(encoding.encode_answer(turn.answer), true);
    all.add({encoding.eos}, true);
  }
  return all;
}

void check_vocabulary(const Marked& all, const Example& example, std::int64_t vocabulary) {
  if (vocabulary == 0) return;
  for (const std::int64_t id : all.tokens)
    if (id < 0 || id >= vocabulary)
      throw DataError(
          fmt::format("line {}: token {} is outside the model's vocabulary of {}: the tokenizer does not "
                      "belong to this model",
                      example.line, id, vocabulary));
}

/// Position i predicts token i + 1; the last token is only predicted.
TokenizedExample shifted(const Marked& all, std::size_t size) {
  TokenizedExample example;
  for (std::size_t i = 0; i + 1 < size; ++i) {
    example.tokens.push_back(static_cast<std::int32_t>(all.tokens[i]));
    example.targets.push_back(all.learn[i + 1] ? static_cast<std::int32_t>(all.tokens[i + 1])
                                               : ignored_target);
  }
  return example;
}

}  // namespace

std::int64_t TokenizedExample::answer_tokens() const {
  return static_cast<std::int64_t>(targets.size()) -
         std::count(targets.begin(), targets.end(), ignored_target);
}

TokenizedData tokenize(const std::vector<Example>& examples, const PromptFormat& format,
                       const Encoding& encoding, const TokenizeOptions& options) {
  if (options.max_seq_length < 0 || options.max_seq_length == 1)
    throw std::invalid_argument(
        fmt::format("max_seq_length = {}: must be 0 (no limit) or at least 2", options.max_seq_length));
  TokenizedData data;
  for (const Example& example : examples) {
    const Marked all = marked(example, format, encoding);
    check_vocabulary(all, example, options.vocabulary);
    const auto limit =
        options.max_seq_length > 0 ? static_cast<std::size_t>(options.max_seq_length) : all.tokens.size();
    TokenizedExample one = shifted(all, std::min(limit, all.tokens.size()));
    const std::int64_t answer_tokens = one.answer_tokens();
    if (answer_tokens == 0) {
      data.answerless.push_back(example.line);
      continue;
    }
    data.truncated += all.tokens.size() > limit;
    data.tokens += one.size();
    data.answer_tokens += answer_tokens;
    data.examples.push_back(std::move(one));
  }
  if (data.examples.empty())
    throw DataError(
        fmt::format("max_seq_length = {} leaves nothing of any answer; raise it", options.max_seq_length));
  return data;
}

}  // namespace ifstop::sft
