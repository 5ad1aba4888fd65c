// Where a response goes on past its answer into another turn: by rule, in linear time, safe on any bytes.
// Used by the scores (run-on) and by generation (a row that has run on needs no more tokens).
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "ifstop/turn_marks.hpp"

namespace ifstop {
namespace turn_detail {

/// What the prompt says about the turns of its answer.
struct Asked {
  std::string_view request;  ///< the prompt's last turn, without what a template puts before it
  std::string_view
      opening;  ///< the prompt's first line, at most 64 bytes: found again, it opens another turn
  std::string_view responder;  ///< the label the prompt ends with ("Joi" of "…\nJoi:"), empty without one
  bool dialogue = false;       ///< the answer may have speakers
  bool questions = false;      ///< the answer may have questions
  bool latex = false;          ///< the answer may have LaTeX

  explicit Asked(std::string_view prompt) {
    prompt = trim(prompt);
    request = last_turn(prompt);
    opening = trim(prompt.substr(0, std::min<std::size_t>(64, prompt.find('\n'))));
    const auto last_line = trim(prompt.substr(prompt.rfind('\n') + 1));
    responder = line_label(last_line);
    if (!last_line.ends_with(':') || last_line.find(':') + 1 != last_line.size()) responder = {};
    dialogue =
        has_word(request, {"dialog", "conversation", "screenplay", "interview", "transcript", "skit",
                           "sitcom", "monologue", "chat ", "scene", "script for", "script of", "debate",
                           "interaction", "discussion", "play about", "short play", "argument"});
    questions = has_word(request, {"question", "quiz", "FAQ", "interview", "flashcard", "riddle", "exam",
                                   "trivia", "joke", "MCQ", "multiple choice", "multiple-choice", "Q&A"});
    latex = has_word(request, {"latex", "\\begin", "\\section", "tex "});
  }

  /// Whether the request itself speaks of `word`, not as a label.
  bool mentions(std::string_view word) const {
    for (std::size_t i = 0; i + word.size() <= request.size(); ++i) {
      if ((i > 0 && is_alpha(request[i - 1])) || !opens_with(request.substr(i), word)) continue;
      if (i + word.size() == request.size() || request[i + word.size()] != ':') return true;
    }
    return false;
  }

 private:
  static std::string_view last_turn(std::string_view prompt) {
    std::size_t start = 0;
    for (std::size_t begin = 0; begin < prompt.size();) {
      const auto end = std::min(prompt.find('\n', begin), prompt.size());
      const auto line = prompt.substr(begin, end - begin);
      const auto label = line_label(line);
      const bool turn = opens_with_marker(trim(line)) || (!label.empty() && is_asker(label));
      if (turn && end < prompt.size()) start = begin;
      begin = end + 1;
    }
    return prompt.substr(start);
  }
};

/// Reads a response line by line and remembers what it needs of earlier lines.
class TurnFinder {
 public:
  TurnFinder(std::string_view prompt, std::string_view response) : asked_(prompt), text_(response) {
    last_ = without_end_markers(response).size();
  }

  std::optional<std::size_t> find() {
    for (std::size_t begin = 0; begin < text_.size();) {
      const auto end = std::min(text_.find('\n', begin), text_.size());
      const auto line = text_.substr(begin, end - begin);
      if (const auto at = by_line(line, begin)) return at;
      if (const auto at = inside(line, begin)) return at;
      blank_before_ = trim(line).empty();
      answered_ = answered_ || !blank_before_;
      begin = end + 1;
    }
    return std::nullopt;
  }

 private:
  std::optional<std::size_t> by_line(std::string_view line, std::size_t begin) {
    const auto bare = trim(line);
    if (answered_ && asked_.opening.size() >= 12 && bare.starts_with(asked_.opening)) return begin;
    if (bare.starts_with("##") && opens_template_heading(bare)) return begin;
    if (closes_what_it_did_not_open(bare, begin + line.size())) return begin;
    const auto label = line_label(line);
    if (label.empty() || asked_.dialogue) return std::nullopt;
    if (opens_turn(label, begin)) return begin;
    if (answered_ && looks_like_speaker(label) && !is_item(bare)) return spoke_before(label, begin);
    return std::nullopt;
  }

  static bool opens_template_heading(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
    const auto label = line_label(line);
    return is_template_heading(label.empty() ? line : label);
  }

  /// A docstring's or a code block's end without its beginning: the response was part of something larger.
  bool closes_what_it_did_not_open(std::string_view line, std::size_t end) {
    if (!line.starts_with("```") && line != "\"\"\"" && line != "'''") return false;
    if (fences_++ > 0 || !answered_ || line.size() > 3) return false;
    return text_.substr(end).starts_with("\n\n") && end < last_;  // an opened block begins on the next line
  }

  bool opens_turn(std::string_view label, std::size_t begin) {
    if (answered_ && !asked_.responder.empty() && same_ignoring_case(label, asked_.responder)) return true;
    if (!is_asker(label) && !(answered_ && is_answerer(label))) return false;
    if (asked_.questions && !one_of(label, std::array<std::string_view, 3>{"User", "Human", "Assistant"}))
      return false;
    constexpr std::size_t longest_result = 60;  // "Answer: 42" ends a calculation
    if (same_ignoring_case(label, "Answer") && text_.size() - begin <= longest_result) return false;
    if (blank_before_ &&
        one_of(label, std::array<std::string_view, 4>{"User", "Human", "Assistant", "Comment"}))
      return true;
    return !mentioned(without_number(label));
  }

  /// Whether the request speaks of the label; read once a label.
  bool mentioned(std::string_view label) {
    const auto [seen, added] = mentions_.try_emplace(label, false);
    if (added) seen->second = asked_.mentions(label);
    return seen->second;
  }

  /// Where a speaker began, once the label repeats.
  std::optional<std::size_t> spoke_before(std::string_view label, std::size_t begin) {
    const auto [seen, added] = speakers_.try_emplace(label, begin);
    return added ? std::nullopt : std::optional(seen->second);
  }

  /// Markers that may stand anywhere in a line.
  std::optional<std::size_t> inside(std::string_view line, std::size_t begin) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto rest = line.substr(i);
      if (rest[0] == '<' || rest[0] == '[') {
        if (opens_with_marker(rest)) return begin + i;
        if (const auto length = end_marker(rest); length > 0 && begin + i + length < last_) return begin + i;
      }
      if (rest[0] == '\\' && !asked_.latex && leaves_latex(rest, begin + i)) return begin + i;
    }
    return std::nullopt;
  }

  bool leaves_latex(std::string_view command, std::size_t begin) {
    if (command.starts_with("\\begin{")) ++environments_;
    if (command.starts_with("\\section{") || command.starts_with("\\subsection{") ||
        command.starts_with("\\subsubsection{"))
      return answered_ && environments_ == 0;
    if (!command.starts_with("\\end{") || --environments_ >= 0) return false;
    const auto close = command.substr(0, 40).find('}');
    return close != std::string_view::npos && begin + close + 1 < last_;
  }

  Asked asked_;
  std::string_view text_;
  std::size_t last_ = 0;       ///< where the text ends, without white space
  bool answered_ = false;      ///< some text came before
  bool blank_before_ = false;  ///< the line before is empty
  int environments_ = 0;       ///< LaTeX environments begun and not ended
  int fences_ = 0;             ///< lines that open or close a block so far
  std::unordered_map<std::string_view, std::size_t> speakers_;
  std::unordered_map<std::string_view, bool> mentions_;
};

}  // namespace turn_detail

/// The byte offset in `response` at which it goes on into another turn: a role's label at a line start
/// ("User:", "Q:", "### Instruction:"), a chat template's marker ("<|im_start|>", "[INST]"), an unknown
/// speaker's label that repeats, the prompt over again, or text after the `\end{…}` or the closing fence of
/// something that began before the response. 0 where it starts with one; nothing where it stays with its
/// answer. A prompt that asks for a dialogue, for questions or for LaTeX may have them. Both texts may hold
/// any bytes; the time is linear in their lengths. `prompt` may be with or without its template.
inline std::optional<std::size_t> find_turn(std::string_view prompt, std::string_view response) {
  return turn_detail::TurnFinder(prompt, response).find();
}

}  // namespace ifstop
