// How well probabilities separate positives from negatives.
#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "cli/labelled_pair.hpp"
#include "ifstop/score/judge.hpp"

namespace ifstop::cli {

struct Judged {
  double probability = 0;
  bool positive = false;
};

/// What a judge says of labelled rows.
inline std::vector<Judged> judge_rows(const Judge& judge, const std::vector<LabelledPair>& rows) {
  std::vector<JudgePair> pairs;
  for (const auto& row : rows) pairs.push_back({row.prompt, row.response});
  const auto probabilities = judge.probabilities(pairs);
  std::vector<Judged> judged;
  for (std::size_t i = 0; i < rows.size(); ++i) judged.push_back({probabilities[i], rows[i].positive});
  return judged;
}

/// Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. NaN
/// without both.
inline double area_under_curve(std::vector<Judged> rows) {
  std::sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.probability < b.probability; });
  double wins = 0, negatives = 0, positives = 0;
  for (std::size_t i = 0; i < rows.size();) {
    double tied_positive = 0, tied_negative = 0;
    const double at = rows[i].probability;
    for (; i < rows.size() && rows[i].probability == at; ++i)
      (rows[i].positive ? tied_positive : tied_negative) += 1;
    wins += tied_positive * (negatives + tied_negative / 2);
    positives += tied_positive;
    negatives += tied_negative;
  }
  if (positives == 0 || negatives == 0) return std::numeric_limits<double>::quiet_NaN();
  return wins / (positives * negatives);
}

/// What a threshold finds.
struct Confusion {
  std::size_t true_positives = 0, positives = 0, true_negatives = 0, negatives = 0;
  double sensitivity() const { return static_cast<double>(true_positives) / static_cast<double>(positives); }
  double specificity() const { return static_cast<double>(true_negatives) / static_cast<double>(negatives); }
  double balanced_accuracy() const { return (sensitivity() + specificity()) / 2; }
};

inline Confusion confusion_at(const std::vector<Judged>& rows, double threshold) {
  Confusion c;
  for (const auto& row : rows) {
    (row.positive ? c.positives : c.negatives) += 1;
    if (row.positive == (row.probability >= threshold))
      (row.positive ? c.true_positives : c.true_negatives) += 1;
  }
  return c;
}

/// The threshold, between two neighbouring probabilities, at which as many rows are judged positive as are:
/// the errors of both kinds cancel, so that a share of rows like these is right. 0.5 without rows of both
/// kinds.
inline double matching_threshold(const std::vector<Judged>& rows) {
  std::vector<double> values;
  for (const auto& row : rows) values.push_back(row.probability);
  std::sort(values.begin(), values.end());
  const auto negatives = confusion_at(rows, 0.5).negatives;
  if (negatives == 0 || negatives == rows.size()) return 0.5;
  return (values[negatives - 1] + values[negatives]) / 2;
}

}  // namespace ifstop::cli
