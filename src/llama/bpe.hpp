// Byte-pair encoding of one word. No LibTorch.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ifstop::llama {

/// Pieces of text and the order in which neighbours become one.
class Bpe {
 public:
  /// Where the smallest pieces begin and end.
  enum class Start {
    bytes,       ///< every byte is a piece
    characters,  ///< every character, and where it is no piece, each of its bytes as <0x41>
  };

  struct Options {
    Start start = Start::bytes;
    bool whole_words_first = false;  ///< a word that is a piece is that piece (`ignore_merges`)
    std::int64_t unknown = -1;       ///< for what has no piece; -1: it is left out
  };

  /// `pieces`: bytes to id. `merges`: pairs of pieces, the first first. Throws std::invalid_argument naming a
  /// merge whose parts or whole are no pieces.
  Bpe(std::unordered_map<std::string, std::int64_t> pieces,
      const std::vector<std::pair<std::string, std::string>>& merges, Options options);

  /// Appends the ids of a word.
  void encode(std::string_view word, std::vector<std::int64_t>& ids) const;

  /// -1 where the text is no piece.
  std::int64_t find(const std::string& piece) const;

 private:
  struct Merge {
    std::uint32_t rank;
    std::int64_t id;
  };

  std::vector<std::int64_t> start(std::string_view word) const;
  void start_character(std::string_view character, std::vector<std::int64_t>& ids) const;
  const Merge* merge_of(std::int64_t left, std::int64_t right) const;

  std::unordered_map<std::string, std::int64_t> pieces_;
  std::unordered_map<std::uint64_t, Merge> merges_;  // by both ids
  Options options_;
};

}  // namespace ifstop::llama
