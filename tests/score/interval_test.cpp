#include "ifstop/score/interval.hpp"

#include <array>
#include <cmath>
#include <random>

#include "support/catch.hpp"

using ifstop::clustered_wilson;
using ifstop::Interval;
using ifstop::wilson;

namespace {

/// K pairs: `both` of them with two successes, `one` with one, the others with none.
struct Pairs {
  std::vector<std::uint8_t> outcomes;
  std::vector<int> groups;

  Pairs(int count, int both, int one) {
    for (int i = 0; i < count; ++i) {
      outcomes.insert(outcomes.end(), {std::uint8_t(i < both + one), std::uint8_t(i < both)});
      groups.insert(groups.end(), {i, i});
    }
  }
  Interval interval() const {
    return clustered_wilson(std::span<const std::uint8_t>(outcomes), std::span<const int>(groups));
  }
};

struct Coverage {
  double mean = 0, worst = 1;
};

/// Exact coverage over the shares .02, .05, ... .98 for `count` pairs whose halves correlate by `rho`: the
/// sum of the probabilities of all outcomes whose interval holds the share. Nothing is simulated.
template <class Make>
std::vector<Coverage> coverage(int count, std::span<const double> rhos, Make interval) {
  std::vector<Coverage> result(rhos.size());
  std::vector<double> shares;
  for (int s = 2; s <= 98; s += 3) shares.push_back(s / 100.0);
  std::vector<double> covered(rhos.size() * shares.size());
  for (int both = 0; both <= count; ++both)
    for (int one = 0; both + one <= count; ++one) {
      const int none = count - both - one;
      const Interval held = interval(count, both, one);
      const double ways =
          std::lgamma(count + 1) - std::lgamma(both + 1) - std::lgamma(one + 1) - std::lgamma(none + 1);
      for (std::size_t s = 0; s < shares.size(); ++s) {
        const double p = shares[s], q = 1 - p;
        if (!held.holds(p)) continue;
        for (std::size_t r = 0; r < rhos.size(); ++r)
          covered[r * shares.size() + s] +=
              std::exp(ways + both * std::log(p * p + rhos[r] * p * q) +
                       one * std::log(2 * p * q * (1 - rhos[r])) + none * std::log(q * q + rhos[r] * p * q));
      }
    }
  for (std::size_t r = 0; r < rhos.size(); ++r)
    for (std::size_t s = 0; s < shares.size(); ++s) {
      const double c = covered[r * shares.size() + s];
      result[r].mean += c / static_cast<double>(shares.size());
      result[r].worst = std::min(result[r].worst, c);
    }
  return result;
}

constexpr std::array<double, 4> rhos{0, 0.2, 0.35, 0.8};

}  // namespace

CATCH_TEST_CASE("Wilson's interval: published values, ends, bad counts") {
  // Newcombe, Stat. Med. 17 (1998) 857, table I
  CATCH_CHECK(wilson(81, 263).low == Approx(0.2553).margin(5e-5));
  CATCH_CHECK(wilson(81, 263).high == Approx(0.3662).margin(5e-5));
  CATCH_CHECK(wilson(15, 148).low == Approx(0.0624).margin(5e-5));
  CATCH_CHECK(wilson(15, 148).high == Approx(0.1605).margin(5e-5));
  CATCH_CHECK(wilson(0, 10).low == 0);
  CATCH_CHECK(wilson(0, 10).high == Approx(0.2775328).epsilon(1e-6));
  CATCH_CHECK(wilson(10, 10).high == 1);
  CATCH_CHECK(std::isnan(wilson(0, 0).low));
  CATCH_CHECK_THROWS_WITH(wilson(3, 2), "wilson: 3.000000 successes in 2.000000 trials");
  CATCH_CHECK_THROWS_WITH(wilson(std::nan(""), 2), "wilson: nan successes in 2.000000 trials");
  CATCH_CHECK_THROWS_WITH(wilson(1, 2, 0), "wilson: z = 0.000000 is not positive");
}

CATCH_TEST_CASE("without groups in common the clustered interval is Wilson's") {
  const std::vector<std::uint8_t> outcomes{1, 0, 1, 1, 0};
  const std::vector<int> groups{1, 2, 3, 4, 5};
  const auto interval =
      clustered_wilson(std::span<const std::uint8_t>(outcomes), std::span<const int>(groups));
  CATCH_CHECK(interval.low == wilson(3, 5).low);
  CATCH_CHECK(interval.high == wilson(3, 5).high);
}

CATCH_TEST_CASE("no outcomes, or groups for some of them only") {
  CATCH_CHECK(std::isnan(clustered_wilson(std::span<const std::uint8_t>(), std::span<const int>()).low));
  CATCH_CHECK(std::isnan(clustered_wilson(ifstop::GroupSums()).high));
  const std::vector<std::uint8_t> outcomes{1};
  CATCH_CHECK_THROWS_WITH(clustered_wilson(std::span<const std::uint8_t>(outcomes), std::span<const int>()),
                          "group_sums: 1 values, 0 groups");
}

CATCH_TEST_CASE("coverage with pairs of prompts: 95 ± 1 % on average, nowhere below 91 %") {
  const auto clustered = [](int count, int both, int one) { return Pairs(count, both, one).interval(); };
  for (int count : {10, 14, 25, 60, 120}) {
    const auto found = coverage(count, rhos, clustered);
    for (std::size_t r = 0; r < rhos.size(); ++r) {
      CATCH_INFO("trials " << 2 * count << ", correlation " << rhos[r] << ", mean " << found[r].mean
                           << ", worst " << found[r].worst);
      CATCH_CHECK(std::abs(found[r].mean - 0.95) <= 0.01);
      CATCH_CHECK(found[r].worst > 0.91);
    }
  }
}

CATCH_TEST_CASE("coverage with a thousand pairs, sampled") {
  std::mt19937_64 random(17);  // its numbers are the same everywhere, a distribution's are not
  const auto chance = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  for (double p : {0.02, 0.3, 0.9}) {
    const double q = 1 - p, both = p * p + 0.35 * p * q, none = q * q + 0.35 * p * q;
    int covered = 0;
    for (int round = 0; round < 500; ++round) {
      int twos = 0, zeros = 0;
      for (int i = 0; i < 1000; ++i) {
        const double u = chance();
        twos += u < both;
        zeros += u >= 1 - none;
      }
      ifstop::GroupSums sums;
      sums.add(2, 2, 2, twos), sums.add(2, 1, 1, 1000 - twos - zeros), sums.add(2, 0, 0, zeros);
      covered += clustered_wilson(sums).holds(p);
    }
    CATCH_INFO("share " << p << ", covered " << covered << " of 500");
    CATCH_CHECK(covered >= 460);
    CATCH_CHECK(covered <= 490);
  }
}

CATCH_TEST_CASE("plain Wilson loses its coverage on such pairs") {
  const auto plain = [](int count, int both, int one) { return wilson(2 * both + one, 2 * count); };
  const auto found = coverage(60, rhos, plain);
  CATCH_CHECK(found[0].mean > 0.94);
  CATCH_CHECK(found[2].mean < 0.92);
  CATCH_CHECK(found[3].mean < 0.86);
}

CATCH_TEST_CASE("make_score keeps counts and outcomes") {
  const std::vector<int> groups{1, 1, 2};
  const auto score = ifstop::make_score({1, 0, 1}, std::span<const int>(groups));
  CATCH_CHECK(score.tally == ifstop::Tally{2, 3, {1, 0, 1}});
  CATCH_CHECK(score.low < wilson(2, 3).low);
  CATCH_CHECK(ifstop::make_score({5, 10, {}}).low == wilson(5, 10).low);
  CATCH_CHECK(std::isnan(ifstop::make_score(ifstop::Tally{}).high));
}
