// When to evaluate so that evaluating takes no more than a given share of the planned run.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "ifstop/callback/event.hpp"
#include "ifstop/callback/every.hpp"

namespace ifstop {

/// What a schedule is made from. All of it is known once the evaluation at step 0 has been timed.
struct Budget {
  double max_overhead = 0.03;      ///< share of the planned time of training, evaluations not counted in it
  double seconds_eval = 0;         ///< one evaluation, as the one at step 0 took
  double seconds_step = 0;         ///< one training step
  std::int64_t steps = 0;          ///< planned
  std::int64_t from_step = 0;      ///< points lie after it
  std::int64_t spacing_steps = 1;  ///< the densest spacing wanted
};

/// Steps after which to evaluate, ascending, between the baseline and the last step (both are always
/// evaluated).
struct Schedule {
  std::vector<std::int64_t> steps;
  std::string sentence;  ///< for people
};

namespace budget_detail {

/// The ratio r >= 1 for which n spacings d, d·r, d·r², … reach `length`; 1 where equal ones already do.
inline double ratio_of(double d, int n, double length) {
  double low = 1, high = std::max(2.0, length / d);
  for (int i = 0; i < 200; ++i) {
    const double r = (low + high) / 2;
    double reach = 0, spacing = d;
    for (int j = 0; j < n && reach <= length; ++j, spacing *= r) reach += spacing;
    (reach < length ? low : high) = r;
  }
  return low;
}

/// Two digits, without an exponent.
inline std::string short_number(double x) {
  return x < 10 ? fmt::format("{:.2g}", x) : fmt::format("{:.0f}", x);
}

inline std::string list_of(const std::vector<std::int64_t>& steps) {
  if (steps.size() <= 6) return fmt::format("{}", fmt::join(steps, ", "));
  return fmt::format("{}, …, {}", fmt::join(steps.begin(), steps.begin() + 4, ", "), steps.back());
}

}  // namespace budget_detail

/// Steps between two evaluations that lie `every` apart, at least 1. `every` is resolved (steps, examples,
/// tokens or seconds). Throws std::invalid_argument where the plan does not tell.
inline std::int64_t spacing_in_steps(const Every& every, const Plan& plan, double seconds_step) {
  const auto steps = static_cast<double>(plan.steps);
  const auto planned = every.unit == EveryUnit::tokens ? plan.tokens : plan.examples;
  double spacing = every.count;
  if (every.unit == EveryUnit::seconds)
    spacing = seconds_step > 0 ? spacing / seconds_step : 1;
  else if (every.unit != EveryUnit::steps && planned > 0)
    spacing *= steps / static_cast<double>(planned);
  else if (every.unit != EveryUnit::steps)
    throw std::invalid_argument(fmt::format("every = {} with max_overhead needs Plan::{}", to_string(every),
                                            every.unit == EveryUnit::tokens ? "tokens" : "examples"));
  return std::max<std::int64_t>(1, std::llround(spacing));
}

/// As many evaluations as the budget pays for, the baseline and the last one included, but none closer
/// together than the spacing wanted: dense first, each spacing longer than the one before by the same factor.
inline Schedule plan_schedule(const Budget& b) {
  const double training_seconds = b.seconds_step * static_cast<double>(b.steps);
  const double length = static_cast<double>(b.steps - b.from_step), d = static_cast<double>(b.spacing_steps);
  const double wanted = std::ceil(length / d) - 1;  // between from_step and the last step
  const double paid =
      b.seconds_eval > 0 ? std::floor(b.max_overhead * training_seconds / b.seconds_eval + 1e-9) - 2 : wanted;
  Schedule schedule;
  const int points = static_cast<int>(std::max(0.0, std::min(wanted, paid)));
  const double ratio = paid >= wanted ? 1.0 : budget_detail::ratio_of(d, points + 1, length);
  double at = static_cast<double>(b.from_step), spacing = d;
  for (int i = 0; i < points; ++i, spacing *= ratio) {
    at += spacing;
    const auto step = static_cast<std::int64_t>(std::llround(at));
    if (step < b.steps && (schedule.steps.empty() || step > schedule.steps.back()))
      schedule.steps.push_back(step);
  }
  const auto all = schedule.steps.size() + 2;
  const double share =
      training_seconds > 0 ? static_cast<double>(all) * b.seconds_eval / training_seconds : 0.0;
  schedule.sentence = fmt::format(
      "{} evaluations of about {} s each take {} % of the planned {} s of training (limit {:.3g} "
      "%): at step 0, {}{}"
      "at the last step, {}",
      all, budget_detail::short_number(b.seconds_eval), budget_detail::short_number(100 * share),
      budget_detail::short_number(training_seconds), 100 * b.max_overhead,
      budget_detail::list_of(schedule.steps), schedule.steps.empty() ? "" : ", and ", b.steps);
  if (share > b.max_overhead)
    schedule.sentence +=
        "; the first and the last alone exceed the limit: fewer prompts or a lower token limit would fit";
  return schedule;
}

}  // namespace ifstop
