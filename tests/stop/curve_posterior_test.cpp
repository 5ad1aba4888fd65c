#include "ifstop/stop/curve_posterior.hpp"

#include <cmath>

#include "support/catch.hpp"

using ifstop::CurvePosterior;

namespace {

/// Readings without noise.
CurvePosterior after(int readings, double (*share)(double), std::int64_t trials = 1000) {
  CurvePosterior posterior;
  for (int i = 0; i < readings; ++i)
    posterior.observe(256 * i, std::llround(share(256 * i) * static_cast<double>(trials)), trials);
  return posterior;
}

}  // namespace

CATCH_TEST_CASE("the interval of the gain holds the truth on an exact exponential") {
  const auto share = [](double x) { return .2 + .7 * (1 - std::exp(-x / 2000)); };
  for (const int readings : {6, 10, 15, 25}) {
    const auto f = after(readings, share).forecast(20480, .03);
    const double truth = share(20480) - share(256 * (readings - 1));
    CATCH_CAPTURE(readings, truth, f.gain, f.low, f.high, f.probability);
    CATCH_CHECK(f.low <= truth + .01);
    CATCH_CHECK(f.high >= truth - .01);
    CATCH_CHECK((f.low <= f.gain && f.gain <= f.high));
  }
}

CATCH_TEST_CASE("more prompts make it surer") {
  const auto share = [](double x) { return .2 + .7 * (1 - std::exp(-x / 2000)); };
  const auto few = after(12, share, 50).forecast(20480, .03),
             many = after(12, share, 5000).forecast(20480, .03);
  CATCH_CHECK(many.high - many.low < few.high - few.low);
}

CATCH_TEST_CASE("nothing is to gain after a top that falls") {
  const auto share = [](double x) { return x < 3000 ? .2 + .0002 * x : .8 - .00002 * (x - 3000); };
  const auto f = after(40, share).forecast(20480, .03);
  CATCH_CHECK(f.probability < .1);
  CATCH_CHECK(f.gain < .02);
}

CATCH_TEST_CASE("extreme counts give numbers") {
  for (const double level : {0., 1.}) {
    CurvePosterior posterior;
    for (int i = 0; i < 30; ++i) {
      posterior.observe(64 * i, std::llround(20 * level), 20);
      const auto f = posterior.forecast(10000, .03);
      CATCH_CHECK((f.probability >= 0 && f.probability <= 1 && f.low <= f.high && f.examples >= 0));
    }
  }
}
