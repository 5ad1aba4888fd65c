// What a tokenizer's file decides; what the JSON files beside it say is Tokenizer's business. No LibTorch.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop::llama {

class TextCodec {
 public:
  virtual ~TextCodec() = default;

  /// The ids of a text, without a beginning-of-sequence token. Throws std::runtime_error.
  virtual std::vector<std::int64_t> encode(std::string_view text) const = 0;

  /// The id of a piece or added token as its file writes it; -1 where there is none.
  virtual std::int64_t id_of(const std::string& piece) const = 0;

  std::vector<std::string> bytes;  ///< of each id, as it continues a text; "" for special ones
  std::vector<bool> keeps_space;   ///< ids whose leading space is never taken away
  bool strips_one = false;         ///< decoding a whole text drops one leading space
  bool strips_all = false;         ///< … or all of them
  std::int64_t bos = -1, eos = -1, pad = -1;
  std::optional<bool> adds_bos;  ///< where the file says so
};

/// Throws std::runtime_error beginning with `where`, naming what is not supported.
std::unique_ptr<TextCodec> parse_tokenizer_json(std::string_view text, const std::string& where);

/// sentencepiece's tokenizer.model, the file's bytes.
std::unique_ptr<TextCodec> parse_sentencepiece(std::string_view bytes, const std::string& where);

}  // namespace ifstop::llama
