#include "simulate.hpp"

#include <algorithm>
#include <cmath>

namespace stopping {
namespace {

/// Outcomes of one evaluation: `levels` says for every prompt how hard it is; unstable ones draw anew.
std::int64_t count_successes(const Conditions& c, const std::vector<double>& levels, double full,
                             double partial, Random& random) {
  std::int64_t successes = 0;
  for (int i = 0; i < c.prompts; ++i) {
    const bool stable = i % 20 < std::lround(20 * c.stable);
    const double level = stable ? levels[static_cast<std::size_t>(i)] : random.uniform();
    successes += level < (i / 20 % 2 == 0 ? full : partial);
  }
  return successes;
}

Curve one(const Family& family, const Conditions& c, Random random) {
  Curve curve;
  curve.family = &family;
  curve.trials = c.prompts;
  const Truth truth = family.make(random);
  std::vector<double> levels;
  for (int i = 0; i < c.prompts; ++i) levels.push_back(random.uniform());
  double common = c.common * random.normal(), spacing = c.spacing;
  for (double x = 0; x <= c.planned; x += std::round(spacing), spacing *= c.growth) {
    curve.examples.push_back(x);
    curve.truth.push_back(truth(x));
    curve.successes.push_back(
        count_successes(c, levels, truth.full(x) + common, truth.partial(x) + common, random));
    common = c.carry * common + std::sqrt(1 - c.carry * c.carry) * c.common * random.normal();
  }
  curve.to_gain.resize(curve.truth.size());
  double best = 0;
  for (std::size_t i = curve.truth.size(); i-- > 0;) {
    best = std::max(best, curve.truth[i]);
    curve.to_gain[i] = best - curve.truth[i];
  }
  while (curve.to_gain[curve.plateau] > margin) ++curve.plateau;
  return curve;
}

}  // namespace

std::vector<Curve> simulate(const Conditions& conditions, bool tuned, int count, std::uint64_t seed) {
  std::vector<Curve> curves;
  Random seeds(seed);
  for (const auto& family : families())
    for (int i = 0; i < (family.tuned == tuned ? count : 0); ++i)
      curves.push_back(one(family, conditions, Random(seeds.bits())));
  return curves;
}

}  // namespace stopping
