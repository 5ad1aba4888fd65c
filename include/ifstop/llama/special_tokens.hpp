// Which token ids begin, end and pad a sequence, as the files of a checkpoint folder state them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ifstop {

/// What the JSON files of a checkpoint folder say about special tokens. None of the files needs to exist.
struct SpecialTokens {
  std::int64_t bos = -1;           ///< -1 = none
  std::vector<std::int64_t> eos;   ///< any of them ends a completion; ascending, each once
  std::int64_t pad = -1;           ///< -1 = none
  std::string bos_text, pad_text;  ///< as pieces, from tokenizer_config.json; empty = not stated
  std::string eos_text;
  std::optional<bool> add_bos;  ///< `add_bos_token` of tokenizer_config.json
};

/// Reads generation_config.json, else config.json (ids), and tokenizer_config.json (pieces, `add_bos_token`).
/// Throws std::runtime_error naming file and key where one is there and cannot be used.
SpecialTokens read_special_tokens(const std::filesystem::path& folder);

}  // namespace ifstop
