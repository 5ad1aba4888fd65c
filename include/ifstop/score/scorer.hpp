// From prompts and completions to the scores of one evaluation.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ifstop/generate.hpp"
#include "ifstop/prompts/prompt.hpp"
#include "ifstop/score/judge.hpp"
#include "ifstop/score/scores.hpp"

namespace ifstop {

/// What is known of one completion: the keys of `ifstop score --out`. On preference prompts only the
/// objective fields and the run-on count; on the others there are none of them.
struct ScoredRow {
  double answer_probability = 0;
  double strict_probability = 0;                ///< that it is an answer and does not run on
  bool answer_like = false;                     ///< answer_probability at or above the judge's threshold
  bool run_on = false;                          ///< an answer that goes on into another turn
  std::optional<std::int64_t> run_on_position;  ///< where, in Unicode code points
  bool strict = false;                          ///< answer_like and not run_on
  std::optional<double> objective_probability;
  std::optional<bool> objective;
  std::optional<bool> correct;  ///< where the prompt carries accepted answers
};

/// The scores of one evaluation, row by row and together.
struct ScoredRows {
  std::vector<ScoredRow> rows;        ///< one a prompt, in order
  Scores scores;                      ///< those of score_names that could be measured, each with its interval
  std::vector<std::string> warnings;  ///< sentences for people: many answers cut off, no answer ever ended
};

/// Judges completions. Const after construction; as safe with threads as its judges.
class Scorer {
 public:
  /// Keeps references: the judges must outlive it. Without an objectivity judge preference prompts go
  /// unscored.
  explicit Scorer(const Judge& tone, const Judge* objectivity = nullptr)
      : tone_(tone), objectivity_(objectivity) {}

  /// One completion a prompt, in order; throws std::invalid_argument where the counts differ.
  ScoredRows score(std::span<const Prompt> prompts, std::span<const Completion> completions) const;

 private:
  const Judge& tone_;
  const Judge* objectivity_;
};

}  // namespace ifstop
