#include "ifstop/score/paired.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using ifstop::mcnemar_mid_p;
using ifstop::paired_counts;
using ifstop::paired_difference;
using ifstop::PairedCounts;
using ifstop::PairedGroups;

namespace {

/// Log-likelihood of the discordant shares (q + delta, q) at its best q, found on a grid: the score statistic
/// computed another way.
double brute_statistic(const PairedCounts& counts, double delta) {
  const auto b = static_cast<double>(counts.only_first), c = static_cast<double>(counts.only_second),
             n = static_cast<double>(counts.trials());
  const auto term = [](double k, double p) { return k == 0 ? 0 : k * std::log(p); };
  double best = -1e300, best_q = 0;
  for (int i = 1; i < 200000; ++i) {
    const double q = i / 400000.0;
    if (q + delta <= 0 || 2 * q + delta >= 1) continue;
    const double value = term(b, q + delta) + term(c, q) + term(n - b - c, 1 - 2 * q - delta);
    if (value > best) best = value, best_q = q;
  }
  return (b - c - n * delta) / std::sqrt(n * (2 * best_q + delta - delta * delta));
}

}  // namespace

CATCH_TEST_CASE("paired counts") {
  const std::vector<std::uint8_t> first{1, 1, 0, 0, 1}, second{1, 0, 1, 0, 0};
  CATCH_CHECK(paired_counts(first, second) == PairedCounts{1, 2, 1, 1});
  CATCH_CHECK(paired_counts(first, second).difference() == Approx(0.2));
  CATCH_CHECK(std::isnan(paired_counts({}, {}).difference()));
  CATCH_CHECK_THROWS_WITH(paired_counts(first, {}),
                          "paired_counts: 5 outcomes against 0: both must be of the same prompts");
}

CATCH_TEST_CASE("the score interval ends where the score statistic is 1.96") {
  for (const auto& counts :
       {PairedCounts{60, 15, 5, 20}, PairedCounts{10, 3, 12, 25}, PairedCounts{150, 30, 18, 2}}) {
    const auto [low, high] = paired_difference(counts);
    CATCH_CHECK(brute_statistic(counts, low) == Approx(ifstop::z95).margin(2e-3));
    CATCH_CHECK(brute_statistic(counts, high) == Approx(-ifstop::z95).margin(2e-3));
  }
}

CATCH_TEST_CASE("the score interval at its ends and turned around") {
  const auto one_way = paired_difference(PairedCounts{20, 9, 4, 7}),
             other_way = paired_difference(PairedCounts{20, 4, 9, 7});
  CATCH_CHECK(one_way.low == Approx(-other_way.high));
  CATCH_CHECK(one_way.high == Approx(-other_way.low));
  const auto same =
      paired_difference(PairedCounts{30, 0, 0, 10});  // no prompt differs: still not known exactly
  CATCH_CHECK(same.low < -0.05);
  CATCH_CHECK(same.high > 0.05);
  const auto all = paired_difference(PairedCounts{0, 10, 0, 0});
  CATCH_CHECK(all.high == Approx(1));
  CATCH_CHECK(all.low > 0.4);
  CATCH_CHECK(std::isnan(paired_difference(PairedCounts{}).low));
  CATCH_CHECK_THROWS_WITH(paired_difference(PairedCounts{1, -1, 0, 0}),
                          "paired_difference: a count is negative");
}

CATCH_TEST_CASE("exact coverage of the score interval is near 95 %") {
  // n = 60 prompts; all outcomes of (only first, only second), with their probabilities.
  constexpr int n = 60;
  double mean = 0, worst = 1;
  int points = 0;
  for (double up : {0.05, 0.1, 0.2, 0.3})
    for (double down : {0.02, 0.05, 0.1, 0.2}) {
      double covered = 0;
      for (int b = 0; b <= n; ++b)
        for (int c = 0; b + c <= n; ++c) {
          const double weight = std::exp(std::lgamma(n + 1) - std::lgamma(b + 1) - std::lgamma(c + 1) -
                                         std::lgamma(n - b - c + 1) + b * std::log(up) + c * std::log(down) +
                                         (n - b - c) * std::log(1 - up - down));
          if (weight > 1e-9 && paired_difference(PairedCounts{n - b - c, b, c, 0}).holds(up - down))
            covered += weight;
        }
      mean += covered;
      worst = std::min(worst, covered);
      ++points;
    }
  CATCH_INFO("mean " << mean / points << ", worst " << worst);
  CATCH_CHECK(std::abs(mean / points - 0.95) < 0.01);
  CATCH_CHECK(worst > 0.92);
}

CATCH_TEST_CASE("McNemar's mid-p value, by hand") {
  CATCH_CHECK(mcnemar_mid_p(PairedCounts{5, 0, 0, 5}) == 1);
  // 4 heads of 4: 2 · 0 + P(0) = 1/16
  CATCH_CHECK(mcnemar_mid_p(PairedCounts{0, 4, 0, 0}) == Approx(1.0 / 16));
  // 1 of 5: 2 · P(0) + P(1) = 2/32 + 5/32
  CATCH_CHECK(mcnemar_mid_p(PairedCounts{9, 1, 4, 9}) == Approx(7.0 / 32));
  CATCH_CHECK(mcnemar_mid_p(PairedCounts{9, 4, 1, 9}) == Approx(7.0 / 32));
  // 2 of 4: 1 − P(2)/2 = 1 − 6/32
  CATCH_CHECK(mcnemar_mid_p(PairedCounts{0, 2, 2, 0}) == Approx(1 - 6.0 / 32));
  CATCH_CHECK(mcnemar_mid_p(PairedCounts{0, 900, 100, 0}) < 1e-100);
  CATCH_CHECK_THROWS_WITH(mcnemar_mid_p(PairedCounts{0, -1, 2, 0}), "mcnemar_mid_p: a count is negative");
}

CATCH_TEST_CASE("groups of one prompt: interval and p are those of independent prompts") {
  const PairedCounts counts{60, 15, 5, 20};
  PairedGroups groups;
  groups.add({1, 0, 0, 0}, 60), groups.add({0, 1, 0, 0}, 15), groups.add({0, 0, 1, 0}, 5);
  groups.add({0, 0, 0, 1}, 20);
  CATCH_CHECK(groups.counts() == counts);
  CATCH_CHECK(paired_difference(groups).low == paired_difference(counts).low);
  CATCH_CHECK(paired_difference(groups).high == paired_difference(counts).high);
  CATCH_CHECK(mcnemar_mid_p(groups) == mcnemar_mid_p(counts));
}

CATCH_TEST_CASE("pairs that move together are half as many prompts, pairs that do not are not") {
  PairedGroups together, apart;
  together.add({0, 2, 0, 0}, 20), together.add({0, 0, 2, 0}, 10), together.add({2, 0, 0, 0}, 70);
  apart.add({1, 1, 0, 0}, 40), apart.add({1, 0, 1, 0}, 20), apart.add({2, 0, 0, 0}, 40);
  const auto width = [](ifstop::Interval i) { return i.high - i.low; };
  CATCH_CHECK(width(paired_difference(together)) ==
              Approx(width(paired_difference(together.counts())) * std::sqrt(2.0)).epsilon(0.03));
  CATCH_CHECK(width(paired_difference(apart)) <= width(paired_difference(apart.counts())));
  CATCH_CHECK(mcnemar_mid_p(together) ==
              Approx(mcnemar_mid_p(PairedCounts{0, 20, 10, 70})));  // pairs as units
  CATCH_CHECK(mcnemar_mid_p(together) > 4 * mcnemar_mid_p(together.counts()));
}

CATCH_TEST_CASE("mid-p over groups, by hand") {
  PairedGroups
      groups;  // one group goes by two, two by one, all the same way: 1/8 of the signs, twice, halved
  groups.add({0, 2, 0, 0}), groups.add({0, 1, 0, 1}, 2);
  CATCH_CHECK(mcnemar_mid_p(groups) == Approx(1.0 / 8));
  groups.add({0, 1, 1, 0}, 100);  // those that cancel within themselves tell nothing
  CATCH_CHECK(mcnemar_mid_p(groups) == Approx(1.0 / 8));
  groups.add({0, 0, 2, 0});  // sums of ±2 ±2 ±1 ±1: beyond the 2 seen are 6 (1/16) and 4 (2/16), at it 3/16
  CATCH_CHECK(mcnemar_mid_p(groups) == Approx(2 * 3.0 / 16 + 3.0 / 16));
  CATCH_CHECK(mcnemar_mid_p(PairedGroups()) == 1);
}

CATCH_TEST_CASE(
    "mid-p of a million prompts in groups takes no time and agrees with the normal distribution") {
  PairedGroups groups;
  groups.add({0, 1, 0, 1}, 20000), groups.add({0, 0, 1, 1}, 19800);
  groups.add({0, 2, 0, 0}, 10000), groups.add({0, 0, 2, 0}, 9900), groups.add({2, 0, 0, 0}, 400000);
  CATCH_CHECK(mcnemar_mid_p(groups) == Approx(std::erfc(400 / std::sqrt(2.0 * (39800 + 4 * 19900)))));
}

CATCH_TEST_CASE("paired outcomes by group") {
  const std::vector<std::uint8_t> first{1, 1, 0, 0}, second{0, 0, 0, 1};
  const std::vector<int> names{1, 1, 2, 2};
  const auto groups =
      ifstop::paired_groups(std::span<const std::uint8_t>(first), std::span<const std::uint8_t>(second),
                            std::span<const int>(names));
  CATCH_CHECK(groups.counts() == PairedCounts{0, 2, 1, 1});
  CATCH_CHECK(groups.nets() == std::map<std::int64_t, std::int64_t>{{1, 1}, {2, 1}});
  CATCH_CHECK(std::isnan(paired_difference(PairedGroups()).low));
  PairedGroups bad;
  CATCH_CHECK_THROWS_WITH(bad.add({0, 1, -1, 0}), "PairedGroups: a count is negative");
  CATCH_CHECK_THROWS_WITH(ifstop::paired_groups(std::span<const std::uint8_t>(first),
                                                std::span<const std::uint8_t>(), std::span<const int>(names)),
                          "paired_groups: 4 outcomes against 0 in 4 groups: all must be of the same prompts");
}
