// What a stopping rule answers: a value with a reason a person can read.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace ifstop {

/// A rule's answer after one evaluation.
struct Decision {
  bool stop = false;
  bool keep = false;           ///< this evaluation is the best so far: keep its weights
  std::string rule;            ///< name of the rule that decided
  std::string reason;          ///< one sentence with its numbers
  std::optional<double> best;  ///< best value of the watched metric so far
  std::int64_t best_step = 0;
  std::int64_t best_examples = 0;
  std::optional<double> probability_more_helps;     ///< for rules with a model of the future
  std::optional<double> gain, gain_low, gain_high;  ///< expected gain still to come, 95 % interval
  std::optional<std::int64_t> gain_examples;        ///< further examples until nine tenths of that gain
  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace ifstop
