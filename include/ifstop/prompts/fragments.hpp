// Cutting instructions into fragments, and instruction + response into what a tone classifier learns from
// (the paper's section 1). Cuts fall between UTF-8 characters, never before a combining mark; the same seed
// gives the same cut on every machine.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ifstop/prompts/prompt.hpp"
#include "ifstop/prompts/prompt_set.hpp"

namespace ifstop {

/// Where fragment() cuts.
enum class FragmentStyle {
  word,       ///< inside a word: "What is the cap"
  phrase,     ///< between two words of a phrase: "What is the"
  clause,     ///< where a clause begins or ends: "Write to my landlord, who"
  any,        ///< one of the three, by the seed
  character,  ///< between any two characters: the paper's shifted boundary
};

/// From "word", "phrase", "clause", "any", "character". Throws std::invalid_argument for any other.
inline FragmentStyle fragment_style_from(std::string_view text) {
  constexpr std::array<std::string_view, 5> names{"word", "phrase", "clause", "any", "character"};
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    throw std::invalid_argument("style \"" + std::string(text) +
                                "\" is none of word, phrase, clause, any, character");
  return static_cast<FragmentStyle>(found - names.begin());
}

namespace fragment_detail {

/// Offsets at which text may be cut: before every code point but the first that is no combining mark,
/// variation selector or joiner (nor follows a joiner).
inline std::vector<std::size_t> cut_points(std::string_view text) {
  constexpr std::string_view joiner = "\xE2\x80\x8D";
  const auto joins = [&](std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    return lead == 0xCC || (lead == 0xCD && next < 0xB0) || text.substr(at, 3) == joiner ||
           text.substr(at, 3) == "\xEF\xB8\x8F" || (at >= 3 && text.substr(at - 3, 3) == joiner);
  };
  std::vector<std::size_t> points;
  for (std::size_t at = 1; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U && !joins(at)) points.push_back(at);
  return points;
}

inline bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Part of a word: ASCII letters and digits, and everything that is not ASCII.
inline bool is_word(char c) {
  return static_cast<unsigned char>(c) > 127 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

/// The whole word that ends at `end`.
inline std::string_view word_before(std::string_view text, std::size_t end) {
  auto begin = end;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

inline bool opens_clause(std::string_view word) {
  constexpr std::array<std::string_view, 16> openers{"and",   "but",   "or",     "because", "that",  "which",
                                                     "who",   "when",  "if",     "so",      "while", "where",
                                                     "since", "after", "before", "with"};
  return std::find(openers.begin(), openers.end(), word) != openers.end();
}

inline bool fits(std::string_view text, std::size_t at, FragmentStyle style) {
  const char before = text[at - 1], after = text[at];
  if (style == FragmentStyle::character) return true;
  if (style == FragmentStyle::word) return is_word(before) && is_word(after);
  if (!is_space(after) || is_space(before)) return false;  // between words, the space left off
  const bool clause = before == ',' || before == ';' || before == ':' || opens_clause(word_before(text, at));
  if (style == FragmentStyle::clause) return clause;
  return !clause && is_word(before);
}

inline std::vector<std::size_t> places(std::string_view text, FragmentStyle style) {
  std::vector<std::size_t> result;
  for (auto at : cut_points(text))
    if (fits(text, at, style)) result.push_back(at);
  return result;
}

}  // namespace fragment_detail

/// The beginning of an instruction, cut in the given style. It keeps at least a third of the text where such
/// a place exists. A style without any place in the text (a clause in "Name three rivers") falls back to
/// phrase, then to word. Throws std::invalid_argument where the text is too short to be cut: fewer than two
/// characters in its only word.
inline std::string fragment(std::string_view text, std::uint64_t seed,
                            FragmentStyle style = FragmentStyle::any) {
  using namespace fragment_detail;
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  const auto number = prompt_detail::rank(seed, text);
  if (style == FragmentStyle::any) style = static_cast<FragmentStyle>(number % 3);
  auto candidates = places(text, style);
  for (auto other : {FragmentStyle::phrase, FragmentStyle::word})
    if (candidates.empty()) candidates = places(text, other);
  if (candidates.empty())
    throw std::invalid_argument("\"" + std::string(text) + "\" is too short to be cut into a fragment");
  const auto late =
      std::find_if(candidates.begin(), candidates.end(), [&](auto at) { return at * 3 >= text.size(); });
  if (late != candidates.end()) candidates.erase(candidates.begin(), late);
  return std::string(text.substr(0, candidates[(number / 3) % candidates.size()]));
}

/// One training pair in the paper's sense: the left part of instruction + response, and the right part.
struct Cut {
  std::string prompt;    ///< I or Ip
  std::string response;  ///< R, Ic, or Ic+R
  PromptKind kind;       ///< full or partial
  bool answer_like;      ///< the label: true for R alone
  friend bool operator==(const Cut&, const Cut&) = default;
};

/// Concatenates instruction, a line break and response, and cuts `shift` characters (code points) right of
/// the true boundary:
///   0:  (I, R), label 1
///   <0: (Ip, Ic+R), label 0; with `keep_response` false (Ip, Ic), label 0
///   >0: the response is already begun and the right part goes on with it, label 0
/// Throws std::invalid_argument where either part would be empty.
inline Cut cut(std::string_view instruction, std::string_view response, std::int64_t shift,
               bool keep_response = true) {
  using namespace fragment_detail;
  if (instruction.empty() || response.empty())
    throw std::invalid_argument("cut: instruction and response must not be empty");
  if (shift == 0) return {std::string(instruction), std::string(response), PromptKind::full, true};
  const bool left = shift < 0;
  const auto points = cut_points(left ? instruction : response);
  const auto distance = static_cast<std::size_t>(left ? -shift : shift);
  if (distance > points.size())
    throw std::invalid_argument("cut: shift " + std::to_string(shift) + " leaves nothing of the " +
                                (left ? "instruction" : "response") + " (at most " +
                                std::to_string(points.size()) + " characters)");
  if (left) {
    const auto at = points[points.size() - distance];
    std::string rest(instruction.substr(at));
    if (keep_response) rest.append("\n").append(response);
    return {std::string(instruction.substr(0, at)), std::move(rest), PromptKind::partial, false};
  }
  const auto at = points[distance - 1];
  return {std::string(instruction) + "\n" + std::string(response.substr(0, at)),
          std::string(response.substr(at)), PromptKind::full, false};
}

/// The sampling the paper leaves open, ours: of three equal shares by the seed, one at the boundary, one left
/// of it (half of those without the response), one right of it, each at a distance drawn evenly.
/// Deterministic in (seed, texts).
inline Cut random_cut(std::string_view instruction, std::string_view response, std::uint64_t seed) {
  using namespace fragment_detail;
  const auto number = prompt_detail::rank(seed, std::string(instruction) + "\n" + std::string(response));
  const auto direction = number % 3;
  const auto room = direction == 0 ? 0 : cut_points(direction == 1 ? instruction : response).size();
  if (room == 0) return cut(instruction, response, 0);
  const auto distance = static_cast<std::int64_t>((number / 6) % room) + 1;
  return cut(instruction, response, direction == 1 ? -distance : distance, number / 3 % 2 == 0);
}

}  // namespace ifstop
