// Trains a linear judge: logistic regression by averaged, adaptive stochastic gradient descent.
#pragma once
#include <cstdint>
#include <vector>

#include "cli/labelled_pair.hpp"
#include "ifstop/score/linear_judge_weights.hpp"

namespace ifstop::cli {

struct LogisticOptions {
  std::uint64_t seed = 1;       ///< of the order of the examples
  int passes = 8;               ///< over all examples
  double learning_rate = 0.05;  ///< of AdaGrad
  double decay_hashed = 2e-5;   ///< L2 penalty of a hashed weight, at every example that has it
  double decay_cross = 2e-5;    ///< and of a hand-made one
};

/// The weights after the last pass, averaged over the second half of the steps and rounded to one byte. The
/// same pairs and options give the same bytes.
LinearWeights train_logistic(const std::vector<LabelledPair>& pairs, const LogisticOptions& options);

/// Puts into the weights how well they do on these rows: AUC, the threshold of the best balanced accuracy,
/// and sensitivity and specificity there.
void measure(LinearWeights& weights, const std::vector<LabelledPair>& rows);

}  // namespace ifstop::cli
