#include "ifstop/judges/wordpiece.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "judges/unicode_folds.hpp"
#include "llama/utf8.hpp"

namespace ifstop {
namespace {

using namespace judges;

template <std::size_t N>
bool within(const std::uint32_t (&ranges)[N], char32_t c) {
  const auto* const end =
      std::upper_bound(std::begin(ranges), std::end(ranges), static_cast<std::uint32_t>(c));
  const auto before = end - std::begin(ranges);  // odd: inside a range, or at its last character
  return before % 2 == 1 || (before > 0 && ranges[before - 1] == c);
}

bool is_punctuation(char32_t c) {
  if (c < 128)
    return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
  return within(punctuation_ranges, c);
}
bool is_space(char32_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || (c >= 128 && within(space_ranges, c));
}
bool is_removed(char32_t c) {
  return c < 32 || c == 127 || c == 0xFFFD || (c >= 128 && within(removed_ranges, c));
}
bool is_chinese(char32_t c) {
  constexpr std::uint32_t blocks[] = {0x3400,  0x4DBF,  0x4E00,  0x9FFF,  0xF900,  0xFAFF,  0x20000, 0x2A6DF,
                                      0x2A700, 0x2B73F, 0x2B740, 0x2B81F, 0x2B820, 0x2CEAF, 0x2F800, 0x2FA1F};
  return c >= 0x3400 && within(blocks, c);
}

/// Where each character's fold begins in `folds`.
const std::unordered_map<char32_t, std::size_t>& fold_places() {
  static const auto places = [] {
    std::unordered_map<char32_t, std::size_t> made;
    for (std::size_t i = 0; i < std::size(folds); i += 2 + folds[i + 1]) made[folds[i]] = i;
    return made;
  }();
  return places;
}

/// Appends the character in lower case and without accents.
void fold(char32_t c, std::u32string& out) {
  if (c < 128) {
    out += c >= 'A' && c <= 'Z' ? c + 32 : c;
  } else if (c >= 0xAC00 && c <= 0xD7A3) {  // a Hangul syllable falls into two or three letters
    const auto index = c - 0xAC00;
    out += 0x1100 + index / 588;
    out += 0x1161 + index % 588 / 28;
    if (index % 28 != 0) out += 0x11A7 + index % 28;
  } else if (const auto found = fold_places().find(c); found != fold_places().end()) {
    for (std::size_t i = 0; i < folds[found->second + 1]; ++i) out += folds[found->second + 2 + i];
  } else {
    out += c;
  }
}

/// The character that `text` begins with, taken from it; 0 for a byte that is no UTF-8.
char32_t take(std::string_view& text) {
  const auto length = llama::utf8_length(text);
  const auto c = length > 0 ? llama::utf8_code(text.substr(0, length)) : 0;
  text.remove_prefix(std::max<std::size_t>(length, 1));
  return c;
}

}  // namespace

WordPiece WordPiece::load(const std::filesystem::path& vocabulary) {
  std::ifstream file(vocabulary);
  if (!file)
    throw std::runtime_error(vocabulary.string() +
                             ": cannot read the vocabulary (WordPiece needs a vocab.txt)");
  WordPiece made;
  std::string line;
  for (std::int64_t id = 0; std::getline(file, line); ++id) {
    if (line.ends_with('\r')) line.pop_back();
    made.ids_.try_emplace(line, id);
  }
  const auto special = [&](const char* piece) {
    const auto found = made.ids_.find(piece);
    if (found == made.ids_.end())
      throw std::runtime_error(
          fmt::format("{}: holds no {}; is it a BERT vocabulary?", vocabulary.string(), piece));
    return found->second;
  };
  made.unknown_ = special("[UNK]");
  made.cls_ = special("[CLS]");
  made.sep_ = special("[SEP]");
  made.pad_ = special("[PAD]");
  return made;
}

std::vector<std::int64_t> WordPiece::encode(std::string_view text, std::size_t limit) const {
  std::vector<std::int64_t> ids;
  std::u32string word;
  const auto end_word = [&] {
    if (!word.empty()) add_word(word, ids);
    word.clear();
  };
  while (!text.empty() && ids.size() < limit) {
    const auto c = take(text);
    if (is_space(c)) {
      end_word();
    } else if (is_punctuation(c) || is_chinese(c)) {
      end_word();
      fold(c, word);
      end_word();
    } else if (!is_removed(c)) {
      fold(c, word);
    }
  }
  end_word();
  if (ids.size() > limit) ids.resize(limit);
  return ids;
}

/// Always the longest piece that fits; one that is missing makes the whole word unknown.
void WordPiece::add_word(const std::u32string& word, std::vector<std::int64_t>& ids) const {
  constexpr std::size_t longest = 100;
  const auto before = ids.size();
  if (word.size() > longest) return ids.push_back(unknown_);
  for (std::size_t begin = 0; begin < word.size();) {
    auto end = word.size();
    for (; end > begin; --end) {
      std::string piece = begin == 0 ? "" : "##";
      for (auto i = begin; i < end; ++i) llama::append_utf8(word[i], piece);
      const auto found = ids_.find(piece);
      if (found == ids_.end()) continue;
      ids.push_back(found->second);
      break;
    }
    if (end == begin) {
      ids.resize(before);
      return ids.push_back(unknown_);
    }
    begin = end;
  }
}

}  // namespace ifstop
