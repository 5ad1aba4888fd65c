// The scores of one evaluation, counted from rows that were judged one by one.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/generate.hpp"
#include "ifstop/prompts/prompt.hpp"
#include "ifstop/score/interval.hpp"
#include "ifstop/score/scores.hpp"

namespace ifstop {

/// What is known of one completion: the keys of `ifstop score --out`.
struct ScoredRow {
  double answer_probability = 0;  ///< by the tone judge
  double strict_probability = 0;  ///< that it is an answer and does not run on
  bool answer_like = false;       ///< answer_probability at or above the judge's threshold
  bool run_on = false;  ///< something was written, and then another turn; by rule, whatever its tone
  std::optional<std::int64_t> run_on_position;  ///< where, in Unicode code points
  bool strict = false;                          ///< answer_like and not run_on
  std::optional<double> objective_probability;  ///< on preference prompts, with an objectivity judge
  std::optional<bool> objective;
  std::optional<bool> correct;  ///< where the prompt carries accepted answers
  FinishReason finish_reason = FinishReason::unknown;
};

/// The scores of one evaluation, and what people should know about them.
struct ScoreSummary {
  Scores scores;  ///< all of score_names (`correct` only where measured), each with its interval
  std::vector<std::string> warnings;  ///< sentences: many answers cut off, no answer ever ended
};

/// The scores of rows judged one by one (on several processes perhaps): one row a prompt, in order.
/// Preference prompts count for `objecqa` alone. `eos` and `truncated` are shares of the rows whose generator
/// told how they ended. Intervals take into account that fragments share a parent with others
/// (clustered_wilson). Throws std::invalid_argument where the counts differ.
ScoreSummary summarise(std::span<const Prompt> prompts, std::span<const ScoredRow> rows);

/// Which scores one row counts for, and for which of them as a success: bit i stands for score_names[i].
struct RowOutcomes {
  std::uint16_t measured = 0;
  std::uint16_t succeeded = 0;
};
RowOutcomes outcomes_of(const Prompt& prompt, const ScoredRow& row);

/// What people should know about scores, as sentences: many answers cut off, no answer ever ended. `scores`
/// holds `ifs`, `eos` and `truncated`.
std::vector<std::string> score_warnings(const Scores& scores);

namespace scorer_detail {

inline void same_length(std::string_view what, std::size_t prompts, std::size_t others) {
  if (prompts != others)
    throw std::invalid_argument(
        fmt::format("{} prompts but {} {}: one a prompt is needed, in order", prompts, others, what));
}

}  // namespace scorer_detail

inline std::vector<std::string> score_warnings(const Scores& scores) {
  constexpr double much_truncated = 0.2, high_ifs = 0.85, no_eos = 0.02;
  constexpr std::int64_t enough = 20;
  std::vector<std::string> result;
  const auto& truncated = scores.at("truncated").tally;
  const auto& eos = scores.at("eos").tally;
  const auto ifs = scores.at("ifs").value();
  if (truncated.value() > much_truncated)
    result.push_back(fmt::format(
        "{} of {} responses ({:.0f} %) were cut off at the token limit, so a run-on may have gone unseen: "
        "raise the limit of new tokens",
        truncated.successes, truncated.trials, 100 * truncated.value()));
  if (ifs >= high_ifs && eos.trials >= enough && eos.value() <= no_eos)
    result.push_back(fmt::format(
        "IFS is {:.2f}, but only {} of {} responses ended with end-of-sequence: does the template, or the "
        "training data, end its answers with that token?",
        ifs, eos.successes, eos.trials));
  return result;
}

inline RowOutcomes outcomes_of(const Prompt& prompt, const ScoredRow& row) {
  RowOutcomes outcomes;
  const auto count = [&](std::string_view name, bool success) {
    const auto at = std::find(score_names.begin(), score_names.end(), name) - score_names.begin();
    const auto bit = static_cast<std::uint16_t>(1U << at);
    outcomes.measured |= bit;
    if (success) outcomes.succeeded |= bit;
  };
  if (prompt.kind == PromptKind::preference) {
    if (row.objective) count("objecqa", *row.objective);
    return outcomes;
  }
  count("ifs", row.answer_like);
  count(prompt.kind == PromptKind::partial ? "ifs_partial" : "ifs_full", row.answer_like);
  count("ifs_strict", row.strict);
  count("run_on", row.run_on);
  if (row.finish_reason != FinishReason::unknown && row.finish_reason != FinishReason::decided) {
    count("eos", row.finish_reason == FinishReason::eos);
    count("truncated", row.finish_reason == FinishReason::length);
  }
  if (row.correct) count("correct", *row.correct);
  return outcomes;
}

inline ScoreSummary summarise(std::span<const Prompt> prompts, std::span<const ScoredRow> rows) {
  scorer_detail::same_length("rows", prompts.size(), rows.size());
  struct Counter {
    std::vector<std::uint8_t> outcomes;
    std::vector<std::string_view> groups;
  };
  std::array<Counter, score_names.size()> counters;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const auto [measured, succeeded] = outcomes_of(prompts[i], rows[i]);
    for (std::size_t s = 0; s < counters.size(); ++s) {
      if (!(measured >> s & 1U)) continue;
      counters[s].outcomes.push_back(succeeded >> s & 1U);
      counters[s].groups.push_back(prompts[i].group());
    }
  }
  ScoreSummary summary;
  for (std::size_t s = 0; s < counters.size(); ++s) {
    if (counters[s].outcomes.empty() && score_names[s] == "correct") continue;
    summary.scores.emplace(score_names[s], make_score(std::move(counters[s].outcomes),
                                                      std::span<const std::string_view>(counters[s].groups)));
  }
  summary.warnings = score_warnings(summary.scores);
  return summary;
}

}  // namespace ifstop
