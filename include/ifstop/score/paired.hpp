// Comparing two shares measured on the same prompts: two evaluations, two models.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ifstop/score/clusters.hpp"
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

  void add(bool first, bool second) {
    ++(first ? (second ? both : only_first) : (second ? only_second : neither));
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
  for (std::size_t i = 0; i < first.size(); ++i) counts.add(first[i] != 0, second[i] != 0);
  return counts;
}

/// Paired outcomes of prompts that come in groups (fragments and their parents), added group by group.
class PairedGroups {
 public:
  /// The outcomes of one group; so many groups like it. Throws std::invalid_argument for negative counts.
  void add(const PairedCounts& group, std::int64_t groups = 1) {
    if (std::min({group.both, group.only_first, group.only_second, group.neither, groups}) < 0)
      throw std::invalid_argument("PairedGroups: a count is negative");
    counts_.both += groups * group.both;
    counts_.only_first += groups * group.only_first;
    counts_.only_second += groups * group.only_second;
    counts_.neither += groups * group.neither;
    const auto net = group.only_first - group.only_second;
    differences_.add(static_cast<double>(group.trials()), static_cast<double>(net),
                     static_cast<double>(group.only_first + group.only_second), static_cast<double>(groups));
    if (net != 0 && groups > 0) nets_[std::abs(net)] += groups;
  }

  const PairedCounts& counts() const { return counts_; }

  /// As in GroupSums, of the differences.
  double design_effect() const { return differences_.design_effect(); }

  /// How many groups have a net difference of 1, 2, … in either direction.
  const std::map<std::int64_t, std::int64_t>& nets() const { return nets_; }

 private:
  PairedCounts counts_;
  GroupSums differences_;
  std::map<std::int64_t, std::int64_t> nets_;
};

/// Outcomes (0 or 1) of the same prompts in the same order, and the group of each. Throws
/// std::invalid_argument where the lengths differ.
template <class Group>
PairedGroups paired_groups(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                           std::span<const Group> groups) {
  if (first.size() != second.size() || first.size() != groups.size())
    throw std::invalid_argument("paired_groups: " + std::to_string(first.size()) + " outcomes against " +
                                std::to_string(second.size()) + " in " + std::to_string(groups.size()) +
                                " groups: all must be of the same prompts");
  std::map<Group, PairedCounts> counts;
  for (std::size_t i = 0; i < first.size(); ++i) counts[groups[i]].add(first[i] != 0, second[i] != 0);
  PairedGroups result;
  for (const auto& [name, group] : counts) result.add(group);
  return result;
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

/// The differences whose score statistic is within z, by bisection.
inline Interval score_interval(double b, double c, double n, double z) {
  const auto end = [&](double inside, double outside) {
    if (std::abs(score_statistic(b, c, n, outside)) <= z) return outside;
    for (int i = 0; i < 60; ++i) {
      const double middle = (inside + outside) / 2;
      (std::abs(score_statistic(b, c, n, middle)) <= z ? inside : outside) = middle;
    }
    return inside;
  };
  const double difference = (b - c) / n;
  return {end(difference, -1), end(difference, 1)};
}

/// Probabilities of 0 … n heads in n throws of a coin.
inline std::vector<double> coin(std::int64_t n) {
  std::vector<double> result;
  const auto all = static_cast<double>(n);
  for (double k = 0; k <= all; ++k)
    result.push_back(
        std::exp(std::lgamma(all + 1) - std::lgamma(k + 1) - std::lgamma(all - k + 1) - all * std::log(2.0)));
  return result;
}

/// The distribution of a sum of ± each group's net difference with random signs: entry i is the probability
/// of i − (the largest sum possible). Empty where that takes more than 50 million steps.
inline std::vector<double> random_signs(const std::map<std::int64_t, std::int64_t>& nets) {
  constexpr double too_many = 5e7;
  std::vector<double> sum{1};
  for (const auto& [net, groups] : nets) {
    if (static_cast<double>(sum.size()) * static_cast<double>(groups + 1) > too_many) return {};
    const auto heads = coin(groups);
    const auto step = static_cast<std::size_t>(2 * net);
    std::vector<double> next(sum.size() + step * static_cast<std::size_t>(groups));
    for (std::size_t i = 0; i < sum.size(); ++i)
      for (std::size_t k = 0; k < heads.size() && sum[i] > 0; ++k) next[i + k * step] += sum[i] * heads[k];
    sum = std::move(next);
  }
  return sum;
}

}  // namespace paired_detail

/// The score interval of the difference (first − second) of independent prompts; NaNs without trials. Throws
/// std::invalid_argument for negative counts.
inline Interval paired_difference(const PairedCounts& counts, double z = z95) {
  if (std::min({counts.both, counts.only_first, counts.only_second, counts.neither}) < 0)
    throw std::invalid_argument("paired_difference: a count is negative");
  if (counts.trials() == 0) return {};
  return paired_detail::score_interval(static_cast<double>(counts.only_first),
                                       static_cast<double>(counts.only_second),
                                       static_cast<double>(counts.trials()), z);
}

/// The score interval over counts divided by the design effect: for prompts of which some share a parent.
/// Equals the one above where none do. Coverage: bench/intervals and docs/statistics.md.
inline Interval paired_difference(const PairedGroups& groups, double z = z95) {
  const auto& counts = groups.counts();
  if (counts.trials() == 0) return {};
  const double effect = groups.design_effect();
  return paired_detail::score_interval(static_cast<double>(counts.only_first) / effect,
                                       static_cast<double>(counts.only_second) / effect,
                                       static_cast<double>(counts.trials()) / effect, z);
}

/// McNemar's two-sided mid-p value that both shares are equal, for prompts in groups: how unusual is the
/// total difference if every group's own could as well have gone the other way? 1 where none differs. Exact;
/// by the normal distribution where that would take too long (thousands of groups of different sizes).
/// With every prompt a group of its own it is the value of M. W. Fagerland, S. Lydersen, P. Laake, BMC Med.
/// Res. Methodol. 13 (2013) 91.
inline double mcnemar_mid_p(const PairedGroups& groups) {
  const auto net = std::abs(groups.counts().only_first - groups.counts().only_second);
  double variance = 0;
  std::int64_t largest = 0;
  for (const auto& [size, count] : groups.nets()) {
    variance += static_cast<double>(size * size * count);
    largest += size * count;
  }
  if (largest == 0) return 1;
  const auto probability = paired_detail::random_signs(groups.nets());
  if (probability.empty()) return std::erfc(static_cast<double>(net) / std::sqrt(2 * variance));
  const auto at = static_cast<std::size_t>(largest + net);
  if (net == 0) return 1 - probability[at] / 2;
  double beyond = 0;
  for (std::size_t i = probability.size() - 1; i > at; --i) beyond += probability[i];  // small ones first
  return std::min(1.0, 2 * beyond + probability[at]);
}

/// The same for independent prompts. Throws std::invalid_argument for negative counts.
inline double mcnemar_mid_p(const PairedCounts& counts) {
  if (std::min(counts.only_first, counts.only_second) < 0)
    throw std::invalid_argument("mcnemar_mid_p: a count is negative");
  PairedGroups groups;
  groups.add({0, 1, 0, 0}, counts.only_first);
  groups.add({0, 0, 1, 0}, counts.only_second);
  return mcnemar_mid_p(groups);
}

}  // namespace ifstop
