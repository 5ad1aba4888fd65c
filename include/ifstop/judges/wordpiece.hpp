// BERT's uncased WordPiece tokenizer: text to ids.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ifstop {

/// Gives the ids that Hugging Face's BertTokenizer gives with `do_lower_case` (accents go, punctuation and
/// Chinese characters stand alone). Const and safe to call from several threads.
class WordPiece {
 public:
  /// Reads `vocab.txt`, a piece a line. Throws std::runtime_error naming the file and what is missing ([UNK],
  /// [CLS], [SEP], [PAD]).
  static WordPiece load(const std::filesystem::path& vocabulary);

  /// The ids of UTF-8 text, without special ones; at most `limit`. Bytes that are not UTF-8 are left out.
  std::vector<std::int64_t> encode(std::string_view text,
                                   std::size_t limit = static_cast<std::size_t>(-1)) const;

  std::int64_t cls() const { return cls_; }
  std::int64_t sep() const { return sep_; }
  std::int64_t pad() const { return pad_; }
  std::size_t size() const { return ids_.size(); }

 private:
  void add_word(const std::u32string& word, std::vector<std::int64_t>& ids) const;

  std::unordered_map<std::string, std::int64_t> ids_;
  std::int64_t unknown_ = 0, cls_ = 0, sep_ = 0, pad_ = 0;
};

}  // namespace ifstop
