// Evaluations for the tests of rules.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ifstop/score/interval.hpp"
#include "ifstop/stop/rule.hpp"

namespace ifstop_test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// A metric that is no share.
inline ifstop::Evaluation value_at(std::int64_t examples, double value, const std::string& metric = "ifs") {
  ifstop::Evaluation e;
  e.examples = examples, e.step = examples / 8;
  e.values[metric] = value;
  return e;
}

/// A share with its interval.
inline ifstop::Evaluation share_at(std::int64_t examples, std::int64_t successes, std::int64_t trials,
                                   const std::string& metric = "ifs") {
  ifstop::Evaluation e;
  e.examples = examples, e.step = examples / 8;
  const auto [low, high] = ifstop::wilson(static_cast<double>(successes), static_cast<double>(trials));
  e.scores[metric] = {{successes, trials, {}}, low, high};
  return e;
}

/// Values at 8, 16, 24 … examples.
inline std::vector<ifstop::Evaluation> values(const std::vector<double>& numbers) {
  std::vector<ifstop::Evaluation> all;
  for (const double number : numbers)
    all.push_back(value_at(8 * static_cast<std::int64_t>(all.size() + 1), number));
  return all;
}

/// Index of the evaluation at which the rule first says stop; -1 for none.
inline int stop_index(ifstop::Rule& rule, const std::vector<ifstop::Evaluation>& evaluations) {
  for (std::size_t i = 0; i < evaluations.size(); ++i)
    if (rule.observe(evaluations[i]).stop) return static_cast<int>(i);
  return -1;
}

}  // namespace ifstop_test
