// What values that come in groups (prompts that share a parent) are worth, against as many independent ones.
#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <stdexcept>
#include <string>

namespace ifstop {

/// Sums over groups of values (0 or 1; or −1, 0, 1 for differences), added group by group in any order.
class GroupSums {
 public:
  /// A group of so many values, their sum and the sum of their squares; so many groups like it.
  void add(double size, double sum, double squares, double groups = 1) {
    count_ += groups * size;
    sum_ += groups * sum;
    squares_ += groups * squares;
    pairs_ += groups * size * (size - 1) / 2;
    products_ += groups * (sum * sum - squares) / 2;
    spread_ += groups * (size - 1) * sum;
  }

  double count() const { return count_; }
  double sum() const { return sum_; }

  /// The variance of the values' sum over what it would be if all were independent: 1 + ρ Σ mᵢ(mᵢ − 1)/n for
  /// groups of size mᵢ. The correlation ρ within groups is estimated from all pairs inside them, pulled
  /// towards 1 with the weight of one pair at a share of one half (where all values agree there is nothing to
  /// estimate it from), at most 1. The result is at least 0.7: a negative correlation (fragments that fail
  /// where whole instructions succeed) is believed that far only. 1 where no two values share a group.
  double design_effect() const {
    if (pairs_ == 0) return 1;
    constexpr double prior_weight = 0.25, prior = 1, least = 0.7;
    const double mean = sum_ / count_, variance = squares_ / count_ - mean * mean;
    const double covariance = products_ - mean * spread_ + pairs_ * mean * mean;
    const double correlation =
        std::min(1.0, (covariance + prior_weight * prior) / (variance * pairs_ + prior_weight));
    return std::max(least, 1 + correlation * 2 * pairs_ / count_);
  }

 private:
  double count_ = 0, sum_ = 0, squares_ = 0;
  double pairs_ = 0;     ///< pairs of values within groups
  double products_ = 0;  ///< their products, summed
  double spread_ = 0;    ///< each group's sum, times its size less one
};

/// Sums of values by group; `groups` names each value's group. Throws std::invalid_argument where the two
/// lengths differ.
template <class Value, class Group>
GroupSums group_sums(std::span<const Value> values, std::span<const Group> groups) {
  if (values.size() != groups.size())
    throw std::invalid_argument("group_sums: " + std::to_string(values.size()) + " values, " +
                                std::to_string(groups.size()) + " groups");
  struct Sum {
    double size = 0, sum = 0, squares = 0;
  };
  std::map<Group, Sum> sums;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    auto& group = sums[groups[i]];
    group.size += 1;
    group.sum += value;
    group.squares += value * value;
  }
  GroupSums result;
  for (const auto& [name, group] : sums) result.add(group.size, group.sum, group.squares);
  return result;
}

}  // namespace ifstop
