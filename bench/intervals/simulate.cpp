#include "simulate.hpp"

#include <algorithm>
#include <cmath>

namespace intervals {
namespace {

/// The normal quantile, by bisection.
double quantile(double p) {
  double low = -10, high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
  }
  return low;
}

}  // namespace

std::array<double, 4> cells(const Pair& pair) {
  const double p = pair.full, q = pair.partial;
  const double wanted = p * q + pair.correlation * std::sqrt(p * (1 - p) * q * (1 - q));
  const double both = std::clamp(wanted, std::max(0.0, p + q - 1), std::min(p, q));
  return {both, p - both, q - both, 1 - p - q + both};
}

std::array<double, 9> cells(const TwoModels& models, int draws, Random& random) {
  std::normal_distribution<double> normal;
  const double own = std::sqrt(1 - models.pair - models.prompt - models.model);
  const std::array<double, 2> limits{quantile(models.first), quantile(models.second)};
  std::array<double, 9> result{};
  for (int i = 0; i < draws; ++i) {
    const double pair = std::sqrt(models.pair) * normal(random);
    const std::array<double, 2> of_model{std::sqrt(models.model) * normal(random),
                                         std::sqrt(models.model) * normal(random)};
    std::array<int, 2> difference{};
    for (auto& each : difference) {
      const double prompt = pair + std::sqrt(models.prompt) * normal(random);
      const bool first = prompt + of_model[0] + own * normal(random) < limits[0];
      const bool second = prompt + of_model[1] + own * normal(random) < limits[1];
      each = int{first} - int{second};
    }
    result[static_cast<std::size_t>(3 * (difference[0] + 1) + difference[1] + 1)] += 1.0 / draws;
  }
  if (models.first == models.second)
    for (std::size_t i = 0; i < 4; ++i) result[i] = result[8 - i] = (result[i] + result[8 - i]) / 2;
  return result;
}

std::vector<std::int64_t> draw(std::int64_t count, std::span<const double> probabilities, Random& random) {
  std::vector<std::int64_t> result;
  double rest = 1;
  for (double p : probabilities) {
    std::int64_t taken = 0;
    if (count > 0 && p > 0)
      taken = p >= rest ? count
                        : std::binomial_distribution<std::int64_t>(count, std::min(1.0, p / rest))(random);
    result.push_back(taken);
    count -= taken;
    rest -= p;
  }
  result.back() += count;  // what rounding left over
  return result;
}

}  // namespace intervals
