// The interface of everything that judges a response: tone (is it an answer?) and objectivity.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop {

/// A prompt (the instruction itself, without template) and what a model wrote after it.
struct JudgePair {
  std::string_view prompt;
  std::string_view response;
};

/// Who judged, and how good it is on labelled text that models wrote. NaN where not measured.
struct JudgeInfo {
  std::string name;
  std::string version;
  double threshold = 0.5;  ///< at or above: positive
  double auc = 0;
  double sensitivity = 0;      ///< share of positives found at the threshold
  double specificity = 0;      ///< share of negatives found at the threshold
  std::int64_t positives = 0;  ///< labelled rows behind the sensitivity; 0: not known
  std::int64_t negatives = 0;  ///< and behind the specificity
};

/// Batch in, batch out: the probability of the positive class ("answer-like", "objective") for every pair, 0
/// to 1. Const and safe to call from several threads.
class Judge {
 public:
  virtual ~Judge() = default;
  virtual std::vector<double> probabilities(std::span<const JudgePair> pairs) const = 0;
  virtual const JudgeInfo& info() const = 0;
};

}  // namespace ifstop
