// Confidence intervals of a share.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace ifstop {

/// Both ends of a confidence interval; NaN where nothing was measured.
struct Interval {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// The normal quantile of a two-sided 95 % interval.
inline constexpr double z95 = 1.959963984540054;

/// Wilson's score interval for k successes in n independent trials:
///   (k + z²/2 ± z √(k (n − k)/n + z²/4)) / (n + z²)
/// E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209. Both may be fractions (an effective sample); n = 0 gives
/// NaNs.
inline Interval wilson(double successes, double trials, double z = z95) {
  if (!(trials > 0)) return {};
  const double centre = successes + z * z / 2;
  const double half = z * std::sqrt(std::max(0.0, successes * (trials - successes) / trials) + z * z / 4);
  return {std::max(0.0, (centre - half) / (trials + z * z)),
          std::min(1.0, (centre + half) / (trials + z * z))};
}

}  // namespace ifstop
