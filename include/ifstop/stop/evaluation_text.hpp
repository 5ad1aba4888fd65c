// An evaluation as one line of text, exactly, for states. Outcomes of single prompts are left out.
#pragma once
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

#include "ifstop/stop/evaluation.hpp"

namespace ifstop {

/// Fields split by tabs: eight numbers, then `name successes trials low high` a score and `name value` a
/// value.
inline std::string to_text(const Evaluation& e) {
  auto text = fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}", e.step, e.examples, e.tokens, e.planned_examples,
                          e.seconds, e.seconds_eval, e.prompts, e.scores.size());
  for (const auto& [name, s] : e.scores)
    text += fmt::format("\t{}\t{}\t{}\t{}\t{}", name, s.tally.successes, s.tally.trials, s.low, s.high);
  for (const auto& [name, value] : e.values) text += fmt::format("\t{}\t{}", name, value);
  return text;
}

/// The inverse. Throws std::invalid_argument naming the field that is malformed.
inline Evaluation evaluation_from_text(std::string_view text) {
  const auto whole = text;
  const auto field = [&] {
    const auto end = std::min(text.find('\t'), text.size());
    const auto result = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return result;
  };
  const auto number = [&](auto& into) {
    const auto digits = field();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    if (error != std::errc{} || end != digits.data() + digits.size())
      throw std::invalid_argument(
          fmt::format("state: evaluation \"{}\": \"{}\" is not a number", whole, digits));
  };
  Evaluation e;
  std::size_t scores = 0;
  number(e.step), number(e.examples), number(e.tokens), number(e.planned_examples), number(e.seconds);
  number(e.seconds_eval), number(e.prompts), number(scores);
  for (; scores > 0; --scores) {
    auto& score = e.scores[std::string(field())];
    number(score.tally.successes), number(score.tally.trials), number(score.low), number(score.high);
  }
  while (!text.empty()) number(e.values[std::string(field())]);
  return e;
}

}  // namespace ifstop
