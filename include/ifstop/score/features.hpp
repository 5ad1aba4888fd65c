// What the linear judges see of a (prompt, response) pair: hashed pieces of the response's opening, and
// hand-made features of how the response relates to its prompt. The same code trains the weights and uses
// them.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "ifstop/score/features_view.hpp"
#include "ifstop/score/judge.hpp"
#include "ifstop/score/run_on.hpp"

namespace ifstop {

/// A bucket of the weights and how strongly it counts.
struct Feature {
  std::uint32_t bucket = 0;
  float value = 0;
};

/// Layout of the buckets. A change of anything here, or in the extraction, needs new weights and a new
/// version.
struct FeatureLayout {
  static constexpr std::uint32_t version = 2;
  static constexpr std::uint32_t hashed = 1U << 17;  ///< buckets of character and word pieces
  static constexpr std::uint32_t cross = 1280;       ///< buckets of hand-made features, after the hashed ones
  static constexpr std::uint32_t size = hashed + cross;
  static constexpr std::size_t characters = 48;  ///< of the response's beginning, as character 2- to 5-grams
  static constexpr std::size_t words = 300;      ///< of the response's beginning, as words and pairs of words
  static constexpr std::size_t first_words = 12;  ///< of its very beginning, once more as pieces of their own
};

/// Turns pairs into features; reuse one object for many pairs. Linear time, safe on any bytes.
class FeatureExtractor {
 public:
  /// The features of the pair's first segment: the response before its first new turn. Valid until the next
  /// call.
  const std::vector<Feature>& operator()(const JudgePair& pair) {
    features_.clear();
    const auto segment = find_turn_end(pair.prompt, pair.response).first_segment;
    add_characters(segment);
    view_.read(pair.prompt, segment);
    add_words();
    add_first_words();
    cursor_ = FeatureLayout::hashed;
    add_shape();
    add_voice();
    add_overlap();
    add_crosses();
    add_speaker();
    add_form(segment);

    return features_;
  }

  /// How many hand-made buckets are used; at most FeatureLayout::cross.
  std::uint32_t used_cross() const { return cursor_ - FeatureLayout::hashed; }

 private:
  static std::uint32_t bucket(std::uint32_t hash) {
    hash ^= hash >> 15;
    hash *= 0x85EBCA6BU;
    hash ^= hash >> 13;
    return hash & (FeatureLayout::hashed - 1);
  }

  /// Gives all features added since `first` the same weight, so that together they have length 1.
  void normalise(std::size_t first) {
    const auto count = features_.size() - first;
    if (count == 0) return;
    const auto value = static_cast<float>(1.0 / std::sqrt(static_cast<double>(count)));
    for (auto i = first; i < features_.size(); ++i) features_[i].value = value;
  }

  void add_characters(std::string_view segment) {
    const auto text = segment.substr(0, FeatureLayout::characters);
    for (std::size_t begin = 0; begin < text.size(); ++begin) {
      std::uint32_t hash =
          begin == 0 ? 0x9E3779B9U : 0x811C9DC5U;  // the very beginning is a piece of its own
      for (std::size_t n = 1; n <= 5 && begin + n <= text.size(); ++n) {
        const char c = text[begin + n - 1];
        hash = (hash ^ static_cast<unsigned char>(turn_detail::is_digit(c) ? '0' : c)) * 0x01000193U;
        if (n >= 2 || begin == 0) features_.push_back({bucket(hash), 0});
      }
    }
    normalise(0);
  }

  void add_words() {
    const auto first = features_.size();
    const auto& tokens = view_.response.tokens;
    std::uint32_t before = 0x51ED270BU;
    for (std::size_t i = 0; i < std::min(tokens.size(), FeatureLayout::words); ++i) {
      features_.push_back({bucket(tokens[i] ^ 0x2545F491U), 0});
      features_.push_back({bucket(before * 31U + tokens[i]), 0});
      before = tokens[i];
    }
    normalise(first);
  }

  /// The response's opening once more, so that its words weigh the same however much follows.
  void add_first_words() {
    const auto first = features_.size();
    const auto& tokens = view_.response.tokens;
    std::uint32_t before = 0x3C6EF372U;
    for (std::size_t i = 0; i < std::min(tokens.size(), FeatureLayout::first_words); ++i) {
      features_.push_back({bucket(tokens[i] * 0x9E3779B1U + 0x7F4A7C15U), 0});
      features_.push_back({bucket(before * 37U + tokens[i] + 0x632BE59BU), 0});
      before = tokens[i];
    }
    normalise(first);
  }

  // Hand-made features take buckets in the order of these calls, whatever the pair.
  static constexpr float strength = 0.5F;

  void flag(bool on) { pick(on ? 0U : 1U, 1); }
  void pick(std::size_t which, std::uint32_t choices) {
    if (which < choices) features_.push_back({cursor_ + static_cast<std::uint32_t>(which), strength});
    cursor_ += choices;
  }
  void bins(double value, std::initializer_list<double> edges) {
    std::size_t which = 0;
    for (double edge : edges) which += value > edge;
    pick(which, static_cast<std::uint32_t>(edges.size()) + 1);
  }
  void both(std::size_t a, std::uint32_t as, std::size_t b, std::uint32_t bs) {
    pick(a < as && b < bs ? a * bs + b : as * bs, as * bs);
  }

  void add_shape() {
    const auto& r = view_;
    const auto& first = r.response.sentences[0];
    bins(static_cast<double>(r.response.words.size()), {0, 1, 2, 5, 10, 20, 50, 100, 200});
    pick(static_cast<std::size_t>(r.lead), PairView::leads);
    pick(static_cast<std::size_t>(r.first_char), PairView::chars);
    bins(r.digit_share, {0, 0.02, 0.1, 0.3, 0.6});
    bins(r.letter_share, {0.2, 0.5, 0.65, 0.75, 0.85});
    bins(r.foreign_share, {0, 0.02, 0.2, 0.5});
    bins(r.newline_share, {0, 0.005, 0.02, 0.05, 0.15});
    bins(static_cast<double>(r.longest_run), {3, 6, 12});
    bins(r.distinct_share, {0.2, 0.4, 0.55, 0.7, 0.85});
    bins(static_cast<double>(r.first_line_words), {0, 1, 3, 8, 20, 50});
    bins(static_cast<double>(first.words), {0, 1, 3, 6, 12, 25, 50});
    flag(r.first_line_ends == ':');
    flag(r.first_line_ends == '.');
    flag(r.first_line_ends == ',');
    flag(r.first_line_words < 9 && r.newline_share > 0 &&
         turn_detail::is_alpha(r.first_line_ends));  // a title
  }

  void add_voice() {
    const auto& r = view_;
    flag(r.asks(0));
    flag(r.asks(1));
    flag(r.asks(r.response.sentences.size() - 1));
    bins(r.question_share(), {0, 0.1, 0.3, 0.6, 0.9});
    pick(static_cast<std::size_t>(r.response.opening(0)), openings);
    pick(r.response.sentences.size() > 1 ? static_cast<std::size_t>(r.response.opening(1)) : openings,
         openings);
    bins(r.count(asker_word), {0, 1, 2, 4});
    bins(r.count(asker_word, 1), {0, 1, 2});
    bins(r.count(helper_word), {0, 1, 2});
    bins(r.count(forum_word), {0, 1, 2, 4});
    bins(r.count(forum_word, 1), {0, 1});
    bins(r.share(first_person), {0, 0.02, 0.05, 0.1});
    bins(r.share(second_person), {0, 0.02, 0.05});
    flag(r.has_url);
    flag(r.has_markup);
  }

  void add_overlap() {
    const auto& r = view_;
    bins(r.prompt_in_first, {0, 0.1, 0.25, 0.5, 0.75, 0.95});
    bins(r.prompt_in_start, {0, 0.1, 0.25, 0.5, 0.75, 0.95});
    bins(r.first_from_prompt, {0, 0.1, 0.25, 0.5, 0.75, 0.95});
    bins(static_cast<double>(r.shared_opening), {3, 8, 15, 30});
    flag(r.opens_inside_prompt);
  }

  void add_crosses() {
    const auto& r = view_;
    const auto kind = static_cast<std::size_t>(r.prompt.opening(0));
    const auto first = static_cast<std::size_t>(r.first_char);
    const auto open = static_cast<std::size_t>(r.response.opening(0));
    const std::size_t overlap = r.prompt_in_start > 0.5 ? 2 : r.prompt_in_start > 0.1 ? 1 : 0;
    const std::size_t asks = r.asks(0) ? 1 : 0;
    both(kind, openings, open, openings);
    both(static_cast<std::size_t>(r.prompt_end), PairView::ends, first, PairView::chars);
    both(static_cast<std::size_t>(r.prompt_end), PairView::ends, open, openings);
    both(overlap, 3, asks, 2);
    both(overlap, 3, open, openings);
    both(r.prompt_end == PairView::End::open ? 1 : 0, 2, static_cast<std::size_t>(r.lead), PairView::leads);
    const auto words = r.response.words.size();
    both(asks, 2, words > 20 ? 2 : words > 8 ? 1 : 0, 3);
  }

  /// Who speaks: the asker again, the answerer, or somebody who looks at the conversation from outside.
  void add_speaker() {
    const auto& r = view_;
    const auto level = [](double count) { return count > 1 ? 2U : count > 0 ? 1U : 0U; };
    const auto i_first = level(r.count(first_person, 1)), you_first = level(r.count(second_person, 1));
    const auto i_start = level(r.count(first_person, 3)), you_start = level(r.count(second_person, 3));
    const std::size_t asked_i = r.prompt.count(first_person) > 0 ? 1 : 0;
    both(i_first, 3, you_first, 3);
    both(i_start, 3, you_start, 3);
    both(asked_i, 2, i_start * 3 + you_start, 9);
    both(static_cast<std::size_t>(r.prompt_end), PairView::ends, i_start, 3);
    bins(r.count(meta_word, 1), {0, 1, 2});
    bins(r.count(meta_word, 4), {0, 1, 2, 4});
    bins(r.count(imperative, 3), {0, 1, 2});
    const auto asking = static_cast<double>(r.asks(0)) + r.asks(1) + r.asks(2);
    bins(asking, {0, 1, 2});
    both(level(asking), 3, i_start * 3 + you_start, 9);
  }

  /// How the text is built: a title without a verb, a list, a number, the same words over and over.
  void add_form(std::string_view segment) {
    const auto& r = view_;
    const auto& first = r.response.sentences[0];
    const auto verbs = r.count(yes_no_verb, 1);
    bins(verbs, {0, 1, 2});
    both(verbs > 0 ? 1 : 0, 2, first.words > 12 ? 3 : first.words > 6 ? 2 : first.words > 3 ? 1 : 0, 4);
    bins(r.distinct_pair_share, {0.2, 0.4, 0.6, 0.8, 0.95});
    pick(number_kind(segment), 7);
    const auto asked = r.prompt.words.size(), said = r.response.words.size();
    both(asked > 60   ? 3
         : asked > 20 ? 2
         : asked > 6  ? 1
                      : 0,
         4,
         said > 100  ? 4
         : said > 30 ? 3
         : said > 10 ? 2
         : said > 3  ? 1
                     : 0,
         5);
  }

  /// What follows a number at the response's start; 6 where it starts with none.
  static std::size_t number_kind(std::string_view text) {
    text = turn_detail::trim(text);
    std::size_t digits = 0;
    while (digits < text.size() && turn_detail::is_digit(text[digits])) ++digits;
    if (digits == 0) return 6;
    if (digits == text.size()) return 0;
    const char next = text[digits];
    if (next == '.' || next == ')')
      return digits + 1 < text.size() && turn_detail::is_digit(text[digits + 1]) ? 1 : 2;
    return next == ' ' ? 3 : turn_detail::is_alpha(next) ? 4 : 5;
  }

  PairView view_;
  std::vector<Feature> features_;
  std::uint32_t cursor_ = 0;
};

}  // namespace ifstop
