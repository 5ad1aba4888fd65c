// What a new turn looks like: the labels, markers and closers that find_turn (turn.hpp) looks for, and the
// requests that make them part of an answer.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace ifstop::turn_detail {

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) > 127;
}
constexpr char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

inline bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// True where `word` stands at `text`'s start, ignoring case.
inline bool opens_with(std::string_view text, std::string_view word) {
  return same_ignoring_case(text.substr(0, word.size()), word);
}

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return same_ignoring_case(word, text); });
}

/// The label a line opens with ("User" of "**User:** hello", "Q" of "Q1: why?"), empty without one.
inline std::string_view line_label(std::string_view line) {
  constexpr std::size_t longest = 24;
  constexpr std::string_view before = " \t*_#>[(<-", after = " \t*_])>";
  while (!line.empty() && before.find(line.front()) != std::string_view::npos) line.remove_prefix(1);
  const auto colon = line.substr(0, longest + 4).find(':');
  if (colon == std::string_view::npos || line.substr(colon).starts_with("://")) return {};
  auto label = line.substr(0, colon);
  while (!label.empty() && after.find(label.back()) != std::string_view::npos) label.remove_suffix(1);
  if (label.empty() || label.size() > longest || !is_alpha(label.front())) return {};
  return label;
}

/// A label without the number at its end: "Question 2" and "Q2" are "Question" and "Q".
inline std::string_view without_number(std::string_view label) {
  while (!label.empty() && (is_digit(label.back()) || label.back() == '#')) label.remove_suffix(1);
  return trim(label);
}

/// Who speaks to a model: where one of them begins to speak, the answer is over.
inline bool is_asker(std::string_view label) {
  constexpr std::array<std::string_view, 11> askers{"User",     "Human",    "Q",           "Question",
                                                    "Asker",    "Comment",  "Instruction", "Prompt",
                                                    "Customer", "Prompter", "Questioner"};
  return one_of(without_number(label), askers);
}

/// Who a model speaks as (Joi: an early Open Assistant): after some text, such a label opens another turn.
inline bool is_answerer(std::string_view label) {
  constexpr std::array<std::string_view, 10> answerers{
      "Assistant",       "Bot",     "Chatbot", "AI", "Response", "Answer", "Joi", "Expected Output",
      "Expected Answer", "Answerer"};
  return one_of(without_number(label), answerers);
}

/// What a heading of an instruction template says ("### Input").
inline bool is_template_heading(std::string_view heading) {
  constexpr std::array<std::string_view, 3> headings{"Input", "Output", "System"};
  return is_asker(heading) || is_answerer(heading) || one_of(heading, headings);
}

/// A label that may be a speaker's name: one or two words, each with a capital; a part of a song or a recipe
/// is none.
inline bool looks_like_speaker(std::string_view label) {
  constexpr std::array<std::string_view, 24> parts{
      "Chorus", "Verse", "Bridge", "Outro",   "Intro",   "Pre-Chorus", "Pros",         "Cons",
      "Pro",    "Con",   "Note",   "Example", "Method",  "Definition", "Ingredients",  "Directions",
      "Monday", "Step",  "Day",    "Week",    "Example", "Examples",   "Instructions", "Input"};
  if (without_number(label).size() < 2 || one_of(without_number(label), parts)) return false;
  int words = 0;
  bool start = true;
  for (char c : label) {
    if (c == ' ') {
      start = true;
      continue;
    }
    if (!is_alpha(c) && !is_digit(c) && c != '_' && c != '.' && c != '-') return false;
    if (start && (!(is_upper(c) || is_digit(c)) || ++words > 2)) return false;
    start = false;
  }
  return words > 0;
}

/// A chat template's marker that opens a turn, at the start of `text`.
inline bool opens_with_marker(std::string_view text) {
  constexpr std::array<std::string_view, 10> markers{
      "<|im_start|>", "<|user|>", "<|prompter|>",    "<|assistant|>",       "<|system|>",
      "[INST]",       "<<SYS>>",  "<start_of_turn>", "<|start_header_id|>", "<|eot_id|>"};
  return std::any_of(markers.begin(), markers.end(), [&](auto marker) { return text.starts_with(marker); });
}

/// The length of an end-of-sequence marker at the start of `text`, 0 without one.
inline std::size_t end_marker(std::string_view text) {
  for (std::string_view marker : {"</s>", "<|im_end|>", "<|endoftext|>", "<|end|>", "<end_of_turn>"})
    if (text.starts_with(marker)) return marker.size();
  return 0;
}

/// `text` without the white space and the end-of-sequence markers it ends with.
inline std::string_view without_end_markers(std::string_view text) {
  for (auto size = text.size() + 1; text.size() < size;) {
    size = text.size();
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    const auto open = text.substr(text.size() - std::min<std::size_t>(text.size(), 16)).rfind('<');
    if (open == std::string_view::npos) break;
    const auto start = text.size() - std::min<std::size_t>(text.size(), 16) + open;
    if (const auto length = end_marker(text.substr(start)); length > 0 && start + length == text.size())
      text.remove_suffix(length);
  }
  return text;
}

/// An item of a list: its label names a thing, not a speaker.
inline bool is_item(std::string_view line) {
  return line.starts_with("- ") || line.starts_with("* ");
}

/// Whether some word of `text` begins with one of `stems`; `text` is read once.
inline bool has_word(std::string_view text, std::initializer_list<std::string_view> stems) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && is_alpha(text[i - 1])) continue;
    for (auto stem : stems)
      if (opens_with(text.substr(i), stem)) return true;
  }
  return false;
}

}  // namespace ifstop::turn_detail
