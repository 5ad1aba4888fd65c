// Comparing two shares measured on the same prompts: two evaluations, two models.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

#include "ifstop/score/interval.hpp"

namespace ifstop {

/// How often two outcomes of the same prompt agree and differ.
struct PairedCounts {
  std::int64_t both = 0;  ///< success in the first and in the second
  std::int64_t only_first = 0;
  std::int64_t only_second = 0;
  std::int64_t neither = 0;

  std::int64_t trials() const { return both + only_first + only_second + neither; }

  /// The first share minus the second; NaN without trials.
  double difference() const {
    return trials() == 0 ? std::nan("")
                         : static_cast<double>(only_first - only_second) / static_cast<double>(trials());
  }
  friend bool operator==(const PairedCounts&, const PairedCounts&) = default;
};

/// Counts outcomes (0 or 1) of the same prompts in the same order. Throws std::invalid_argument where the
/// lengths differ.
inline PairedCounts paired_counts(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
  if (first.size() != second.size())
    throw std::invalid_argument("paired_counts: " + std::to_string(first.size()) + " outcomes against " +
                                std::to_string(second.size()) + ": both must be of the same prompts");
  PairedCounts counts;
  for (std::size_t i = 0; i < first.size(); ++i)
    ++(first[i] ? (second[i] ? counts.both : counts.only_first)
                : (second[i] ? counts.only_second : counts.neither));
  return counts;
}

namespace paired_detail {

/// The score statistic for a true difference `delta`: with b, c the discordant counts,
///   (b − c − nδ) / √(n (2q + δ(1 − δ))), q the most likely share of "only second" under δ.
/// T. Tango, Stat. Med. 17 (1998) 891.
inline double score_statistic(double b, double c, double n, double delta) {
  const double B = -b - c + (2 * n - b + c) * delta, C = -c * delta * (1 - delta);
  const double q = (std::sqrt(std::max(0.0, B * B - 8 * n * C)) - B) / (4 * n);
  const double variance = n * (2 * q + delta * (1 - delta));
  const double distance = b - c - n * delta;
  if (variance <= 0) return distance == 0 ? 0 : std::copysign(1e300, distance);
  return distance / std::sqrt(variance);
}

}  // namespace paired_detail

/// The score interval of the difference (first − second), by bisection; NaNs without trials. Treats prompts
/// as independent. Throws std::invalid_argument for negative counts.
inline Interval paired_difference(const PairedCounts& counts, double z = z95) {
  if (std::min({counts.both, counts.only_first, counts.only_second, counts.neither}) < 0)
    throw std::invalid_argument("paired_difference: a count is negative");
  if (counts.trials() == 0) return {};
  const auto b = static_cast<double>(counts.only_first), c = static_cast<double>(counts.only_second);
  const auto n = static_cast<double>(counts.trials());
  const auto end = [&](double inside, double outside) {
    if (std::abs(paired_detail::score_statistic(b, c, n, outside)) <= z) return outside;
    for (int i = 0; i < 60; ++i) {
      const double middle = (inside + outside) / 2;
      (std::abs(paired_detail::score_statistic(b, c, n, middle)) <= z ? inside : outside) = middle;
    }
    return inside;
  };
  return {end(counts.difference(), -1), end(counts.difference(), 1)};
}

/// McNemar's two-sided mid-p value that both shares are equal: of m discordant prompts, how unusual is this
/// split between heads and tails? 1 where none is discordant. M. W. Fagerland, S. Lydersen, P. Laake, BMC
/// Med. Res. Methodol. 13 (2013) 91.
inline double mcnemar_mid_p(const PairedCounts& counts) {
  const auto fewer = std::min(counts.only_first, counts.only_second),
             m = counts.only_first + counts.only_second;
  if (fewer < 0) throw std::invalid_argument("mcnemar_mid_p: a count is negative");
  if (m == 0) return 1;
  const auto probability = [&](std::int64_t k) {
    const auto all = static_cast<double>(m), x = static_cast<double>(k);
    return std::exp(std::lgamma(all + 1) - std::lgamma(x + 1) - std::lgamma(all - x + 1) -
                    all * std::log(2.0));
  };
  if (counts.only_first == counts.only_second) return 1 - probability(fewer) / 2;
  double below = 0;
  for (std::int64_t k = 0; k < fewer; ++k) below += probability(k);
  return std::min(1.0, 2 * below + probability(fewer));
}

}  // namespace ifstop
