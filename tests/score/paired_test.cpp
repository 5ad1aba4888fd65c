#include "ifstop/score/paired.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using ifstop::mcnemar_mid_p;
using ifstop::paired_counts;
using ifstop::paired_difference;
using ifstop::PairedCounts;

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
  const auto one_way = paired_difference({20, 9, 4, 7}), other_way = paired_difference({20, 4, 9, 7});
  CATCH_CHECK(one_way.low == Approx(-other_way.high));
  CATCH_CHECK(one_way.high == Approx(-other_way.low));
  const auto same = paired_difference({30, 0, 0, 10});  // no prompt differs: still not known exactly
  CATCH_CHECK(same.low < -0.05);
  CATCH_CHECK(same.high > 0.05);
  const auto all = paired_difference({0, 10, 0, 0});
  CATCH_CHECK(all.high == Approx(1));
  CATCH_CHECK(all.low > 0.4);
  CATCH_CHECK(std::isnan(paired_difference({}).low));
  CATCH_CHECK_THROWS_WITH(paired_difference({1, -1, 0, 0}), "paired_difference: a count is negative");
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
          if (weight > 1e-9 && paired_difference({n - b - c, b, c, 0}).holds(up - down)) covered += weight;
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
  CATCH_CHECK(mcnemar_mid_p({5, 0, 0, 5}) == 1);
  // 4 heads of 4: 2 · 0 + P(0) = 1/16
  CATCH_CHECK(mcnemar_mid_p({0, 4, 0, 0}) == Approx(1.0 / 16));
  // 1 of 5: 2 · P(0) + P(1) = 2/32 + 5/32
  CATCH_CHECK(mcnemar_mid_p({9, 1, 4, 9}) == Approx(7.0 / 32));
  CATCH_CHECK(mcnemar_mid_p({9, 4, 1, 9}) == Approx(7.0 / 32));
  // 2 of 4: 1 − P(2)/2 = 1 − 6/32
  CATCH_CHECK(mcnemar_mid_p({0, 2, 2, 0}) == Approx(1 - 6.0 / 32));
  CATCH_CHECK(mcnemar_mid_p({0, 900, 100, 0}) < 1e-100);
  CATCH_CHECK_THROWS_WITH(mcnemar_mid_p({0, -1, 2, 0}), "mcnemar_mid_p: a count is negative");
}
