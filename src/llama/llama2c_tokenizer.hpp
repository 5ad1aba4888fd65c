// llama2.c's tokenizer files (`tok*.bin`) to sentencepiece models and back. No LibTorch.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ifstop::llama {

struct Piece {
  std::string text;  // as in the file: with plain spaces, "<0x0A>" for a byte
  float score = 0.0F;
};

/// Reads a `tok*.bin`. Throws std::runtime_error where it is cut off or its size is not the model's
/// vocabulary.
std::vector<Piece> read_llama2c_tokenizer(const std::filesystem::path& path, std::int64_t vocab_size);

/// Writes `folder/tokenizer.model`, a sentencepiece BPE model with byte fallback (0 unknown, 1 beginning of
/// sequence, 2 end), and a tokenizer_config.json.
void write_sentencepiece(const std::vector<Piece>& pieces, const std::filesystem::path& folder);

/// Writes a `tok*.bin` from a sentencepiece model. Throws std::runtime_error where the model cannot be read,
/// has not the model's vocabulary, or where its ids 0, 1, 2 are not unknown, beginning and end, as llama2.c
/// has it.
void write_llama2c_tokenizer(const std::filesystem::path& sentencepiece_model, std::int64_t vocab_size,
                             const std::filesystem::path& path);

}  // namespace ifstop::llama
