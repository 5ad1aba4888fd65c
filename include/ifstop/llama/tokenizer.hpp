// Text to token ids and back: the tokenizer of a checkpoint folder.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop {

/// A loaded tokenizer. Copies share it; const and safe to call from several threads.
class Tokenizer {
 public:
  /// Reads `folder/tokenizer.model` (sentencepiece), or where there is none tokenizer.json (byte-pair
  /// encoding: Llama 3's, Qwen's and GPT-2's ways to cut words, and vocabularies made of a sentencepiece
  /// model; added tokens are found in the text, as transformers does it), and, where they exist,
  /// tokenizer_config.json, generation_config.json and config.json for the special tokens. Throws
  /// std::runtime_error naming the file and what is supported.
  static Tokenizer load(const std::filesystem::path& folder);

  /// Whether a folder has a tokenizer of a kind that load() reads.
  static bool exists(const std::filesystem::path& folder);

  /// The ids of UTF-8 text, with a beginning-of-sequence token in front where this tokenizer adds one
  /// (add_bos()).
  std::vector<std::int64_t> encode(std::string_view text) const { return encode(text, add_bos()); }

  /// The same, with or without the beginning-of-sequence token. Throws std::invalid_argument where `with_bos`
  /// asks for a token that the tokenizer lacks.
  std::vector<std::int64_t> encode(std::string_view text, bool with_bos) const;

  /// The text of a whole sequence: special tokens are invisible, the space that encode() puts in front is
  /// taken away, bytes that are not UTF-8 become U+FFFD, one each; ids outside the vocabulary are nothing.
  std::string decode(std::span<const std::int64_t> ids) const;

  /// The text of ids that continue a prompt: as decode(), but a leading space stays.
  std::string completion_text(std::span<const std::int64_t> ids) const;

  /// The bytes that one id adds to a completion. They may be a part of a UTF-8 character.
  std::string_view bytes(std::int64_t id) const;

  std::int64_t vocab_size() const;               ///< ids below it have a meaning
  std::int64_t bos() const;                      ///< -1 = none
  const std::vector<std::int64_t>& eos() const;  ///< any of them ends a completion; ascending
  std::int64_t pad() const;                      ///< -1 = none
  bool add_bos() const;  ///< `add_bos_token`; true where the folder does not say and there is one

  /// Throws std::runtime_error with both numbers where this vocabulary is larger than the model's embedding.
  void check_fits(std::int64_t model_vocab_size) const;

 private:
  struct Data;
  explicit Tokenizer(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

  std::shared_ptr<const Data> data_;
};

/// The text with every byte that is no part of well-formed UTF-8 replaced by U+FFFD.
std::string well_formed_utf8(std::string_view bytes);

}  // namespace ifstop
