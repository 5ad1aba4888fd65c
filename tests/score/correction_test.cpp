#include "ifstop/score/correction.hpp"

#include <cmath>
#include <random>

#include "support/catch.hpp"

using ifstop::corrected_share;
using ifstop::JudgeQuality;

namespace {
JudgeQuality quality(std::int64_t found, std::int64_t positives, std::int64_t refused,
                     std::int64_t negatives) {
  return {{found, positives, {}}, {refused, negatives, {}}};
}
}  // namespace

CATCH_TEST_CASE("Rogan and Gladen's estimate: the paper's recall reads a perfect model as .93") {
  // sensitivity .925, specificity .99: observed .925 is truly 1
  const auto perfect = corrected_share(185, 200, quality(925, 1000, 990, 1000));
  CATCH_REQUIRE(perfect.share);
  CATCH_CHECK(*perfect.share == Approx(1.0));
  CATCH_CHECK(perfect.interval.high == 1);
  CATCH_CHECK(perfect.interval.low < 0.97);
  CATCH_CHECK(*corrected_share(100, 200, quality(90, 100, 90, 100)).share == Approx(0.5));
  CATCH_CHECK(*corrected_share(0, 200, quality(90, 100, 90, 100)).share ==
              0);  // below the false positives: 0
  CATCH_CHECK(corrected_share(100, 200, quality(90, 100, 90, 100)).reason.empty());
}

CATCH_TEST_CASE("a judge's quality from what it says of itself") {
  ifstop::JudgeInfo info{"judge", "1", 0.5, 0.95, 0.9, 0.8, 0, 0};
  CATCH_CHECK(corrected_share(5, 10, ifstop::judge_quality(info)).reason ==
              "the judge's sensitivity or specificity is not known");
  info.positives = 250;
  info.negatives = 61;
  const auto known = ifstop::judge_quality(info);
  CATCH_CHECK(known.sensitivity == ifstop::Tally{225, 250, {}});
  CATCH_CHECK(known.specificity == ifstop::Tally{49, 61, {}});
}

CATCH_TEST_CASE("a judge known from few rows gives a wider interval than one known from many") {
  const auto width = [](const ifstop::Correction& c) { return c.interval.high - c.interval.low; };
  const auto few = width(corrected_share(150, 200, quality(18, 20, 18, 20)));
  const auto many = width(corrected_share(150, 200, quality(1800, 2000, 1800, 2000)));
  const auto raw = ifstop::wilson(150, 200);
  CATCH_CHECK(few > 1.3 * many);
  CATCH_CHECK(many > raw.high - raw.low);
}

CATCH_TEST_CASE("no correction, with the reason, where it would do harm") {
  const auto weak = corrected_share(150, 200, quality(93, 100, 30, 59));
  CATCH_CHECK_FALSE(weak.share);
  CATCH_CHECK(std::isnan(weak.interval.low));
  CATCH_CHECK(
      weak.reason ==
      "the judge is too weak to correct for: sensitivity 0.93 + specificity 0.51 - 1 = 0.44 is below 0.6");
  CATCH_CHECK(corrected_share(1, 2, quality(0, 0, 5, 5)).reason ==
              "the judge's sensitivity or specificity is not known");
  CATCH_CHECK(corrected_share(0, 0, quality(9, 10, 9, 10)).reason == "nothing was measured");
  CATCH_CHECK_THROWS_WITH(corrected_share(3, 2, quality(9, 10, 9, 10)),
                          "corrected_share: 3 successes in 2 trials");
}

CATCH_TEST_CASE(
    "coverage: in 95 % of trials the interval holds the true share, the judge's quality being sampled too") {
  std::mt19937_64 random(3);
  const auto draw = [&](int n, double p) {
    int k = 0;
    for (int i = 0; i < n; ++i) k += static_cast<double>(random() >> 11) * 0x1p-53 < p;
    return k;
  };
  constexpr double sensitivity = 0.93, specificity = 0.85;
  for (double truth : {0.1, 0.5, 0.9}) {
    int covered = 0;
    for (int round = 0; round < 1000; ++round) {
      const double observed = truth * sensitivity + (1 - truth) * (1 - specificity);
      const auto known = quality(draw(150, sensitivity), 150, draw(100, specificity), 100);
      covered += corrected_share(draw(200, observed), 200, known).interval.holds(truth);
    }
    CATCH_INFO("truth " << truth << ": " << covered << " of 1000");
    CATCH_CHECK(covered >= 930);
    CATCH_CHECK(covered <= 985);
  }
}
