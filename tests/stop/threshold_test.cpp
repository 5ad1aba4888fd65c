#include "ifstop/stop/threshold.hpp"

#include "stop/points.hpp"
#include "support/catch.hpp"

using ifstop::Bound;
using ifstop::Direction;
using ifstop::Threshold;
using ifstop::ThresholdOptions;
using namespace ifstop_test;
using Catch::Matchers::Message;

CATCH_TEST_CASE("by default the lower end of the interval must reach the threshold twice in a row") {
  Threshold rule;
  CATCH_CHECK(rule.observe(share_at(8, 184, 200)).reason ==
              "ifs 0.92 (at least 0.874) is below the threshold 0.9");
  CATCH_CHECK(rule.observe(share_at(16, 190, 200)).reason ==
              "ifs 0.95 (at least 0.9104) has reached the threshold 0.9: 1 of 2 in a row");
  CATCH_CHECK_FALSE(rule.observe(share_at(24, 180, 200)).stop);  // the row is over
  CATCH_CHECK_FALSE(rule.observe(share_at(32, 190, 200)).stop);
  CATCH_CHECK_FALSE(rule.observe(share_at(40, 0, 0)).stop);  // nothing measured: the row goes on
  const auto stop = rule.observe(share_at(48, 191, 200));
  CATCH_CHECK(stop.stop);
  CATCH_CHECK(stop.reason == "ifs 0.955 (at least 0.9167) has reached the threshold 0.9: 2 of 2 in a row");
}

CATCH_TEST_CASE("values, minimising, and zero as a threshold") {
  Threshold loss({.metric = "loss",
                  .direction = Direction::minimize,
                  .threshold = 0,
                  .evaluations = 1,
                  .bound = Bound::value});
  CATCH_CHECK(loss.observe(value_at(8, .1, "loss")).reason == "loss 0.1 is above the threshold 0");
  CATCH_CHECK(loss.observe(value_at(16, 0, "loss")).stop);
  Threshold run_on({.metric = "run_on", .direction = Direction::minimize, .threshold = .1, .evaluations = 1});
  CATCH_CHECK(run_on.observe(share_at(8, 16, 200, "run_on")).reason ==
              "run_on 0.08 (at most 0.126) is above the threshold 0.1");
  CATCH_CHECK(run_on.observe(share_at(16, 4, 200, "run_on")).stop);
  Threshold interval({.threshold = .5});
  CATCH_CHECK(interval.observe(value_at(8, .9)).reason ==
              "ifs 0.9 has no interval: not compared with the threshold (bound = value would)");
}

CATCH_TEST_CASE("bad options fail at construction") {
  CATCH_CHECK_THROWS_MATCHES(Threshold({.threshold = ifstop_test::nan}), std::invalid_argument,
                             Message("threshold: threshold = nan must be finite"));
  CATCH_CHECK_THROWS_MATCHES(Threshold({.evaluations = 0}), std::invalid_argument,
                             Message("threshold: evaluations = 0 must be 1 or more"));
}
