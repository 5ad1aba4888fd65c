// Where a response goes on past its answer into another turn: by rule, in linear time, safe on any bytes.
// Used by the scores (run-on) and by generation (a row that has run on needs no more tokens).
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ifstop {
namespace turn_detail {

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

inline bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The label a line opens with ("User" of "**User:** hello", "Q" of "Q1: why?"), empty without one.
inline std::string_view line_label(std::string_view line) {
  constexpr std::size_t longest = 24;
  while (!line.empty() && std::string_view(" \t*_#>[(<-").find(line.front()) != std::string_view::npos)
    line.remove_prefix(1);
  const auto colon = line.substr(0, longest + 4).find(':');
  if (colon == std::string_view::npos) return {};
  auto label = line.substr(0, colon);
  while (!label.empty() && std::string_view(" \t*_])>").find(label.back()) != std::string_view::npos)
    label.remove_suffix(1);
  if (label.empty() || label.size() > longest || !is_alpha(label.front())) return {};
  return label;
}

/// A label without the number at its end: "Question 2" and "Q2" are "Question" and "Q".
inline std::string_view without_number(std::string_view label) {
  auto bare = label;
  while (!bare.empty() && (is_digit(bare.back()) || bare.back() == '#')) bare.remove_suffix(1);
  return trim(bare);
}

/// A role that speaks to the model: where it appears, the answer is over.
inline bool is_role(std::string_view label) {
  constexpr std::array<std::string_view, 18> roles{
      "User",     "Human",   "Q",       "Question",   "Instruction", "Asker",
      "Customer", "Prompt",  "Comment", "You",        "Me",          "Assistant",
      "Bot",      "Chatbot", "Answer",  "Instructor", "Questioner",  "AI"};
  const auto bare = without_number(label);
  return std::any_of(roles.begin(), roles.end(), [&](auto role) { return same_ignoring_case(role, bare); });
}

/// A label that may be a speaker's name: one or two words, each with a capital.
inline bool looks_like_speaker(std::string_view label) {
  int words = 0;
  bool start = true;
  for (char c : label) {
    if (c == ' ') {
      start = true;
    } else {
      if (!is_alpha(c) && !is_digit(c) && c != '_' && c != '.' && c != '-') return false;
      if (start && (!is_upper(c) || ++words > 2)) return false;
      start = false;
    }
  }
  return words > 0;
}

}  // namespace turn_detail

/// The byte offset in `response` at which it goes on into another turn: a role's label at a line start
/// ("User:", "Q:", "### Instruction:"), a chat template's marker ("<|im_start|>", "[INST]"), an unknown
/// speaker's label that repeats, the prompt over again, or text after `\end{code}`. 0 where it starts with
/// one; nothing where it stays with its answer. Both texts may hold any bytes; the time is linear in their
/// lengths. `prompt` may be with or without its template.
inline std::optional<std::size_t> find_turn(std::string_view prompt, std::string_view response) {
  namespace d = turn_detail;
  (void)prompt;
  for (std::size_t begin = 0; begin < response.size();) {
    const auto end = std::min(response.find('\n', begin), response.size());
    const auto label = d::line_label(response.substr(begin, end - begin));
    if (!label.empty() && d::is_role(label) && begin > 0) return begin;
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace ifstop
