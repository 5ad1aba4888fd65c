// Training data: Alpaca, ShareGPT, OpenAI messages and plain prompt/response rows, read into examples and
// then tokens.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop::sft {

/// A row that cannot be used. The text begins with "file:line: "; in a JSON array the row's number follows.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One question and its answer.
struct Turn {
  std::string instruction;
  std::string input;  ///< Alpaca's context, usually ""
  std::string answer;
};

/// One training example: a conversation of one or more turns.
struct Example {
  std::vector<Turn> turns;
  bool formatted = false;  ///< instruction is the whole prompt already: no template is applied
  std::size_t line = 0;    ///< where it begins in its file, from 1
};

struct DataOptions {
  bool skip_bad = false;  ///< leave bad rows out and count them, instead of throwing at the first
};

struct DataSet {
  std::vector<Example> examples;
  std::vector<std::string> skipped;  ///< one message a bad row, "file:line: reason" (only with skip_bad)
};

/// Reads a JSON array or JSON Lines. Each row is one of
///   {"instruction", "input"?, "output" or "response"}              Alpaca
///   {"conversations": [{"from": "human"|"gpt"|…, "value"}]}        ShareGPT
///   {"messages": [{"role": "user"|"assistant"|"system", "content"}]}   OpenAI
///   {"prompt", "response" or "completion"}                         a prompt that carries its template
///   already
/// Of a conversation every assistant turn is learnt. A system message is put before the first instruction
/// with a blank line between. Throws DataError at the first bad row (see skip_bad), also where no row is
/// left.
DataSet load_examples(const std::filesystem::path& file, const DataOptions& options = {});

/// The prompt for (instruction, input): the template, as a function, so that this room knows no templates.
using PromptFormat = std::function<std::string(std::string_view instruction, std::string_view input)>;

/// A tokenizer, as functions.
struct Encoding {
  std::function<std::vector<std::int64_t>(std::string_view)>
      encode_prompt;  ///< with BOS where the tokenizer adds one
  std::function<std::vector<std::int64_t>(std::string_view)> encode_answer;  ///< without BOS and EOS
  std::int64_t eos = 2;
};

/// No loss at this position.
inline constexpr std::int32_t ignored_target = -100;

/// targets[i] is the token that should follow tokens[i], or ignored_target. Both [T].
struct TokenizedExample {
  std::vector<std::int32_t> tokens;
  std::vector<std::int32_t> targets;

  std::int64_t size() const { return static_cast<std::int64_t>(tokens.size()); }
  std::int64_t answer_tokens() const;
};

struct TokenizeOptions {
  std::int64_t max_seq_length = 0;  ///< tokens of one example; the rest is cut off at the end. 0 = no limit
  std::int64_t vocabulary = 0;      ///< ids must be below it; 0 = not checked
};

struct TokenizedData {
  std::vector<TokenizedExample> examples;
  std::int64_t truncated = 0;  ///< examples cut at max_seq_length (dropped ones not among them)
  std::vector<std::size_t>
      answerless;  ///< lines of the examples left out because nothing of their answer remained
  std::int64_t tokens = 0;
  std::int64_t answer_tokens = 0;  ///< positions with loss
};

/// Formats and tokenizes. Prompt and answer are encoded apart, so that the prompt's tokens are exactly those
/// that the model sees when it generates; the loss is on the answer and the end-of-sequence token after it,
/// and nowhere else. Further turns follow in the same sequence, each with its own prompt (and BOS), as
/// Llama-2 was trained. The very last token is never fed: it is only a target. Throws std::invalid_argument
/// for bad options and DataError where nothing remains or an id does not fit the vocabulary.
TokenizedData tokenize(const std::vector<Example>& examples, const PromptFormat& format,
                       const Encoding& encoding, const TokenizeOptions& options = {});

}  // namespace ifstop::sft
