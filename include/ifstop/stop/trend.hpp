// How much a share changed over some readings, and how exactly that is known.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "ifstop/score/tally.hpp"

namespace ifstop {

/// A share at one point of the run.
struct ShareAt {
  double x = 0;  ///< examples, or steps
  Tally tally;
};

/// The variance of a share by Agresti and Coull (Am. Stat. 52 (1998) 119): p̃(1 − p̃)/(n + 4), p̃ = (k + 2)/(n +
/// 4). Unlike p(1 − p)/n it is not zero where all or none succeeded.
inline double share_variance(std::int64_t successes, std::int64_t trials) {
  const double n = static_cast<double>(trials) + 4, p = (static_cast<double>(successes) + 2) / n;
  return p * (1 - p) / n;
}

/// A change from the first reading to the last, along the straight line fitted to all of them.
struct Trend {
  double change = 0;          ///< slope × (last x − first x)
  double standard_error = 0;  ///< the larger of what sampling explains and what the readings' scatter shows
};

namespace trend_detail {

/// Variance of Σ c_t·p_t by pairing: every prompt has its own Σ c_t·y_t, and those scatter less than the
/// readings do where hard prompts stay hard. Negative where outcomes are missing.
inline double paired_variance(std::span<const ShareAt> readings, const std::vector<double>& weights) {
  const auto n = readings.front().tally.outcomes.size();
  if (n < 2) return -1;
  for (const auto& r : readings)
    if (r.tally.outcomes.size() != n) return -1;
  double mean = 0, squares = 0;  // Welford
  for (std::size_t prompt = 0; prompt < n; ++prompt) {
    double slope = 0;
    for (std::size_t t = 0; t < readings.size(); ++t)
      slope += weights[t] * readings[t].tally.outcomes[prompt];
    const double step = slope - mean;
    mean += step / static_cast<double>(prompt + 1);
    squares += step * (slope - mean);
  }
  return squares / static_cast<double>(n - 1) / static_cast<double>(n);
}

}  // namespace trend_detail

/// Least squares through p_t = k_t/n_t at x_t, all readings weighted alike: slope = Σ c_t·p_t with
/// c_t = (x_t − x̄)/Σ(x − x̄)². Its sampling variance is Σ c_t²·v(p̄, n_t) with the pooled share p̄
/// (share_variance), or by pairing where outcomes of single prompts are known (but never below a quarter of
/// the former); its scatter variance is Σ residual²/(T − 2)/Σ(x − x̄)². At least 3 readings with different x.
inline Trend trend(std::span<const ShareAt> readings) {
  const auto count = static_cast<double>(readings.size());
  double mean_x = 0, mean_p = 0, spread = 0, slope = 0;
  std::int64_t successes = 0, trials = 0;
  for (const auto& r : readings) {
    mean_x += r.x / count, mean_p += r.tally.value() / count;
    successes += r.tally.successes, trials += r.tally.trials;
  }
  for (const auto& r : readings) spread += (r.x - mean_x) * (r.x - mean_x);
  std::vector<double> weights;
  double sampling = 0, scatter = 0;
  for (const auto& r : readings) {
    weights.push_back((r.x - mean_x) / spread);
    slope += weights.back() * r.tally.value();
    const double pooled = share_variance(successes, trials) * (static_cast<double>(trials) + 4);
    sampling += weights.back() * weights.back() * pooled / static_cast<double>(r.tally.trials);
  }
  if (const double paired = trend_detail::paired_variance(readings, weights); paired >= 0)
    sampling = std::max(paired, sampling / 4);
  for (const auto& r : readings) {
    const double residual = r.tally.value() - mean_p - slope * (r.x - mean_x);
    scatter += residual * residual / (count - 2) / spread;
  }
  const double length = readings.back().x - readings.front().x;
  return {slope * length, std::sqrt(std::max(sampling, scatter)) * length};
}

}  // namespace ifstop
