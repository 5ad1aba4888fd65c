// A (prompt, response) pair as the linear judges read it: words, shares, openings, and what the two have in
// common.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ifstop/score/features_words.hpp"
#include "ifstop/turn_marks.hpp"

namespace ifstop {

/// One word of a text.
struct Word {
  std::uint32_t hash = 0;  ///< of the word in lower case
  std::uint32_t stem = 0;  ///< of its first five letters
  std::uint32_t classes = 0;
  std::uint32_t sentence = 0;  ///< number of its sentence
  bool number = false;

  /// Whether two texts that share it have something in common.
  bool content() const { return (classes & stop_word) == 0; }
};

/// A text's words and sentences. read() forgets the text before; memory is reused.
struct TextView {
  struct Sentence {
    std::size_t first_word = 0, words = 0;
    bool asks = false;  ///< ends with a question mark
  };
  std::vector<Word> words;
  std::vector<Sentence> sentences;
  std::vector<std::uint32_t> tokens;  ///< the words' hashes, and one for each of ? : ! and line end

  void read(std::string_view text) {
    words.clear();
    sentences.clear();
    tokens.clear();
    sentences.push_back({});
    for (std::size_t i = 0; i < text.size();) i = letter(text[i]) ? word(text, i) : mark(text, i);
    if (sentences.size() > 1 && sentences.back().words == 0) sentences.pop_back();
  }

  double count(std::uint32_t classes) const {
    double n = 0;
    for (const auto& word : words) n += (word.classes & classes) != 0;
    return n;
  }

  Opening opening(std::size_t sentence) const {
    if (sentence >= sentences.size() || sentences[sentence].words == 0) return Opening::other;
    const auto& first = words[sentences[sentence].first_word];
    const auto second =
        sentences[sentence].words > 1 ? words[sentences[sentence].first_word + 1].classes : 0U;
    return opening_of(first.classes, second, first.number);
  }

 private:
  static bool letter(char c) { return turn_detail::is_alpha(c) || turn_detail::is_digit(c); }

  std::size_t word(std::string_view text, std::size_t begin) {
    std::uint32_t hash = 0x811C9DC5U;
    Word made;
    auto end = begin;
    for (; end < text.size() && (letter(text[end]) || apostrophe(text, end)); ++end) {
      hash = (hash ^ static_cast<unsigned char>(turn_detail::lower(text[end]))) * 0x01000193U;
      if (end - begin == 4) made.stem = hash;
    }
    made.hash = hash;
    if (end - begin <= 5) made.stem = hash;
    made.number = turn_detail::is_digit(text[begin]);
    made.classes = made.number ? 0 : word_classes(hash);
    made.sentence = static_cast<std::uint32_t>(sentences.size() - 1);
    if (sentences.back().words++ == 0) sentences.back().first_word = words.size();
    words.push_back(made);
    tokens.push_back(made.number ? 0x30303030U : hash);
    return end;
  }

  static bool apostrophe(std::string_view text, std::size_t at) {
    return text[at] == '\'' && at + 1 < text.size() && turn_detail::is_alpha(text[at + 1]);
  }

  std::size_t mark(std::string_view text, std::size_t at) {
    const char c = text[at];
    const bool line_end = c == '\n';
    if (line_end || c == '?' || c == ':' || c == '!')
      tokens.push_back(0xA0A0A000U + static_cast<unsigned char>(c));
    const bool stops = c == '?' || c == '!' || c == '.';
    const bool at_end = at + 1 == text.size() || turn_detail::is_space(text[at + 1]);
    if ((line_end || (stops && at_end)) && sentences.back().words > 0 && !item_number(text, at)) {
      sentences.back().asks = c == '?';
      sentences.push_back({});
    }
    return at + 1;
  }

  /// The point of "1." does not end a sentence.
  bool item_number(std::string_view text, std::size_t at) const {
    return text[at] == '.' && sentences.back().words == 1 && words.back().number;
  }
};

/// Facts about one pair.
struct PairView {
  enum class Lead { none, space, newline, blank_line };
  enum class Char {
    lower,
    upper,
    digit,
    quote,
    bullet,
    hash,
    angle,
    backslash,
    backtick,
    bracket,
    foreign,
    other,
    none
  };
  enum class End { question, stop, colon, open };
  static constexpr std::uint32_t leads = 4, chars = 13, ends = 4, kinds = 20;

  TextView response, prompt;
  Lead lead = Lead::none;
  Char first_char = Char::none;
  End prompt_end = End::open;
  double digit_share = 0, letter_share = 0, foreign_share = 0, newline_share = 0;
  std::size_t longest_run = 0;  ///< of one character
  std::size_t first_line_words = 0;
  char first_line_ends = 0;
  double distinct_share = 0;         ///< of the words
  double distinct_pair_share = 0;    ///< of neighbouring words
  double prompt_in_first = 0;        ///< share of the prompt's content words in the first sentence
  double prompt_in_start = 0;        ///< and in the first forty words
  double first_from_prompt = 0;      ///< share of the first sentence's content words that the prompt has
  std::size_t shared_opening = 0;    ///< characters with which both begin
  bool opens_inside_prompt = false;  ///< the response's beginning stands in the prompt
  bool has_url = false, has_markup = false;

  static constexpr std::size_t longest = 2400;  ///< bytes read of either text

  void read(std::string_view asked, std::string_view answered) {
    asked = turn_detail::trim(asked.substr(0, longest));
    answered = answered.substr(0, longest);
    prompt.read(asked);
    response.read(answered);
    read_lead(answered);
    const auto text = turn_detail::trim(answered);
    read_characters(text);
    read_first_line(text);
    prompt_end = end_of(asked);
    read_overlap(asked, text);
    has_url = text.find("http") != text.npos || text.find("www.") != text.npos;
    has_markup =
        text.find("\\begin") != text.npos || text.find("</") != text.npos || text.find("<br") != text.npos;
  }

  double share(std::uint32_t classes) const {
    return response.words.empty() ? 0.0 : count(classes) / static_cast<double>(response.words.size());
  }
  double count(std::uint32_t classes, std::size_t sentences = static_cast<std::size_t>(-1)) const {
    double n = 0;
    for (const auto& word : response.words) n += word.sentence < sentences && (word.classes & classes) != 0;
    return n;
  }
  double question_share() const {
    double n = 0;
    for (const auto& sentence : response.sentences) n += sentence.asks;
    return n / static_cast<double>(response.sentences.size());
  }
  bool asks(std::size_t sentence) const {
    return sentence < response.sentences.size() && response.sentences[sentence].asks;
  }

 private:
  void read_lead(std::string_view text) {
    const auto start = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const auto newlines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(start), '\n');
    lead = start == 0      ? Lead::none
           : newlines == 0 ? Lead::space
           : newlines == 1 ? Lead::newline
                           : Lead::blank_line;
    first_char = start < text.size() ? char_of(text[start]) : Char::none;
  }

  static Char char_of(char c) {
    using namespace turn_detail;
    if (static_cast<unsigned char>(c) > 127) return Char::foreign;
    if (is_upper(c)) return Char::upper;
    if (is_alpha(c)) return Char::lower;
    if (is_digit(c)) return Char::digit;
    switch (c) {
      case '"':
      case '\'':
        return Char::quote;
      case '-':
      case '*':
      case '+':
        return Char::bullet;
      case '#':
        return Char::hash;
      case '<':
        return Char::angle;
      case '\\':
        return Char::backslash;
      case '`':
        return Char::backtick;
      case '(':
      case '[':
      case '{':
        return Char::bracket;
      default:
        return Char::other;
    }
  }

  void read_characters(std::string_view text) {
    std::size_t digits = 0, letters = 0, foreign = 0, newlines = 0, run = 0;
    char before = 0;
    longest_run = 0;
    for (char c : text) {
      digits += turn_detail::is_digit(c);
      foreign += static_cast<unsigned char>(c) > 127;
      letters += turn_detail::is_alpha(c);
      newlines += c == '\n';
      run = c == before ? run + 1 : 1;
      longest_run = std::max(longest_run, run);
      before = c;
    }
    const auto n = static_cast<double>(std::max<std::size_t>(text.size(), 1));
    digit_share = static_cast<double>(digits) / n;
    letter_share = static_cast<double>(letters) / n;
    foreign_share = static_cast<double>(foreign) / n;
    newline_share = static_cast<double>(newlines) / n;
  }

  void read_first_line(std::string_view text) {
    const auto line = turn_detail::trim(text.substr(0, text.find('\n')));
    first_line_ends = line.empty() ? '\0' : line.back();
    first_line_words = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
      first_line_words += !turn_detail::is_space(line[i]) && (i == 0 || turn_detail::is_space(line[i - 1]));
  }

  static End end_of(std::string_view text) {
    if (text.empty()) return End::open;
    switch (text.back()) {
      case '?':
        return End::question;
      case '.':
      case '!':
      case '"':
      case ')':
        return End::stop;
      case ':':
        return End::colon;
      default:
        return End::open;
    }
  }

  void read_overlap(std::string_view asked, std::string_view text) {
    collect(prompt_stems_, prompt, prompt.words.size());
    collect(first_stems_, response, response.sentences[0].words + response.sentences[0].first_word);
    collect(start_stems_, response, 40);
    prompt_in_first = common(prompt_stems_, first_stems_);
    prompt_in_start = common(prompt_stems_, start_stems_);
    first_from_prompt = common(first_stems_, prompt_stems_);
    collect(start_stems_, response, 120, true);
    const auto read = std::min<std::size_t>(response.words.size(), 120);
    distinct_share = read == 0 ? 0.0 : static_cast<double>(start_stems_.size()) / static_cast<double>(read);
    distinct_pair_share = distinct_pairs(read);
    shared_opening = 0;
    while (shared_opening < std::min(asked.size(), text.size()) &&
           turn_detail::lower(asked[shared_opening]) == turn_detail::lower(text[shared_opening]))
      ++shared_opening;
    opens_inside_prompt = text.size() >= 12 && asked.find(text.substr(0, 20)) != asked.npos;
  }

  double distinct_pairs(std::size_t read) {
    if (read < 2) return 1;
    pairs_.clear();
    for (std::size_t i = 1; i < read; ++i)
      pairs_.push_back(response.words[i - 1].hash * 31U + response.words[i].hash);
    std::sort(pairs_.begin(), pairs_.end());
    const auto distinct = std::unique(pairs_.begin(), pairs_.end()) - pairs_.begin();
    return static_cast<double>(distinct) / static_cast<double>(pairs_.size());
  }

  static void collect(std::vector<std::uint32_t>& stems, const TextView& view, std::size_t first_words,
                      bool all = false) {
    stems.clear();
    for (std::size_t i = 0; i < std::min(first_words, view.words.size()); ++i)
      if (all || view.words[i].content()) stems.push_back(view.words[i].stem);
    std::sort(stems.begin(), stems.end());
    stems.erase(std::unique(stems.begin(), stems.end()), stems.end());
  }

  /// The share of `a` that is in `b`; both sorted.
  static double common(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    if (a.empty()) return 0;
    std::size_t found = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
      if (*i < *j) {
        ++i;
      } else {
        if (*j == *i) ++found, ++i;
        ++j;
      }
    }
    return static_cast<double>(found) / static_cast<double>(a.size());
  }

  std::vector<std::uint32_t> prompt_stems_, first_stems_, start_stems_, pairs_;
};

}  // namespace ifstop
