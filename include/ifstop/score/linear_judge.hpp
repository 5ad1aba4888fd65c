// A judge that runs offline: logistic regression over hashed pieces and hand-made features of a pair.
#pragma once
#include <cmath>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/score/features.hpp"
#include "ifstop/score/judge.hpp"
#include "ifstop/score/linear_judge_weights.hpp"

namespace ifstop {

/// Judges the first segment of a response (before its first new turn) together with its prompt.
class LinearJudge final : public Judge {
 public:
  explicit LinearJudge(LinearWeights weights) : weights_(std::move(weights)) {}

  /// From a file's bytes; `what` names them in errors. Throws std::runtime_error where they are not a
  /// judge's.
  static LinearJudge from_bytes(std::string_view bytes, std::string_view what = "judge weights") {
    return LinearJudge(weights_from_bytes(bytes, what));
  }

  std::vector<double> probabilities(std::span<const JudgePair> pairs) const override {
    FeatureExtractor features;
    std::vector<double> result;
    result.reserve(pairs.size());
    for (const auto& pair : pairs) result.push_back(1.0 / (1.0 + std::exp(-log_odds(features(pair)))));
    return result;
  }
  const JudgeInfo& info() const override { return weights_.info; }

 private:
  double log_odds(const std::vector<Feature>& features) const {
    double hashed = 0, cross = 0;
    for (const auto& f : features)
      (f.bucket < FeatureLayout::hashed ? hashed : cross) += double{f.value} * weights_.weights[f.bucket];
    return weights_.bias + hashed * weights_.scale_hashed + cross * weights_.scale_cross;
  }

  LinearWeights weights_;
};

}  // namespace ifstop
