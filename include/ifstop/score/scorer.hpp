// Judges what a model wrote after each prompt: from prompts and completions to rows and scores.
#pragma once
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/generate.hpp"
#include "ifstop/prompts/prompt.hpp"
#include "ifstop/score/correct.hpp"
#include "ifstop/score/judge.hpp"
#include "ifstop/score/run_on.hpp"
#include "ifstop/score/summary.hpp"

namespace ifstop {

/// The scores of one evaluation, row by row and together.
struct ScoredRows {
  std::vector<ScoredRow> rows;        ///< one a prompt, in order
  Scores scores;                      ///< as in ScoreSummary
  std::vector<std::string> warnings;  ///< as in ScoreSummary
};

/// Judges completions. Keeps references: the judges must outlive it. As safe with threads as its judges.
class Scorer {
 public:
  /// Without an objectivity judge preference prompts go unscored.
  explicit Scorer(const Judge& tone, const Judge* objectivity = nullptr)
      : tone_(tone), objectivity_(objectivity) {}

  /// One completion a prompt, in order. Throws std::invalid_argument where the counts differ,
  /// std::runtime_error naming the judge where it answers with something else than one probability a pair.
  std::vector<ScoredRow> judge(std::span<const Prompt> prompts,
                               std::span<const Completion> completions) const;

  /// judge() and summarise() in one.
  ScoredRows score(std::span<const Prompt> prompts, std::span<const Completion> completions) const {
    auto rows = judge(prompts, completions);
    auto summary = summarise(prompts, rows);
    return {std::move(rows), std::move(summary.scores), std::move(summary.warnings)};
  }

  /// Names, versions and thresholds of the judges: scores compare only where this is the same.
  std::string judges() const {
    const auto text = [](const JudgeInfo& i) {
      return fmt::format("{} {} at {}", i.name, i.version, i.threshold);
    };
    return text(tone_.info()) + (objectivity_ ? ", " + text(objectivity_->info()) : "");
  }

 private:
  const Judge& tone_;
  const Judge* objectivity_;
};

namespace scorer_detail {

/// How often the run-on rules are right where they see a new turn: 136 of 137, docs/scores.md.
inline constexpr double run_on_precision = 136.0 / 137;

inline std::vector<double> probabilities(const Judge& judge, std::span<const JudgePair> pairs) {
  auto result = judge.probabilities(pairs);
  if (result.size() != pairs.size())
    throw std::runtime_error(fmt::format("judge {} gave {} probabilities for {} responses", judge.info().name,
                                         result.size(), pairs.size()));
  for (double p : result)
    if (!(p >= 0 && p <= 1))
      throw std::runtime_error(fmt::format("judge {} gave a probability of {}", judge.info().name, p));
  return result;
}

inline bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

inline ScoredRow judged_row(const Prompt& prompt, const Completion& completion, const TurnEnd& end,
                            double probability, double threshold) {
  ScoredRow row;
  row.finish_reason = completion.finish_reason;
  row.answer_probability = probability;
  row.answer_like = probability >= threshold;
  row.run_on = end.new_turn() && !is_blank(end.first_segment);
  if (row.run_on) row.run_on_position = static_cast<std::int64_t>(*end.position);
  row.strict = row.answer_like && !row.run_on;
  row.strict_probability = end.new_turn() ? probability * (1 - run_on_precision) : probability;
  if (!prompt.accepted.empty()) row.correct = holds_answer(end.first_segment, prompt.accepted);
  return row;
}

}  // namespace scorer_detail

inline std::vector<ScoredRow> Scorer::judge(std::span<const Prompt> prompts,
                                            std::span<const Completion> completions) const {
  using namespace scorer_detail;
  same_length("completions", prompts.size(), completions.size());
  std::vector<TurnEnd> ends;
  std::vector<JudgePair> pairs, preferences;
  std::vector<std::size_t> preference_rows;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    pairs.push_back({prompts[i].text, completions[i].text});
    ends.push_back(find_turn_end(prompts[i].text, completions[i].text, completions[i].finish_reason));
    if (!objectivity_ || prompts[i].kind != PromptKind::preference) continue;
    preferences.push_back({prompts[i].text, ends.back().first_segment});
    preference_rows.push_back(i);
  }
  const auto tone = probabilities(tone_, pairs);
  std::vector<ScoredRow> rows;
  for (std::size_t i = 0; i < prompts.size(); ++i)
    rows.push_back(judged_row(prompts[i], completions[i], ends[i], tone[i], tone_.info().threshold));
  if (preferences.empty()) return rows;
  const auto objective = probabilities(*objectivity_, preferences);
  for (std::size_t k = 0; k < preferences.size(); ++k) {
    rows[preference_rows[k]].objective_probability = objective[k];
    rows[preference_rows[k]].objective = objective[k] >= objectivity_->info().threshold;
  }
  return rows;
}

}  // namespace ifstop
