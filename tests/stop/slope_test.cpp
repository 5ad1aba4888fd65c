#include "ifstop/stop/slope.hpp"

#include "stop/points.hpp"
#include "support/catch.hpp"

using ifstop::Slope;
using namespace ifstop_test;
using Catch::Matchers::Message;

namespace {

/// Shares of 1,000 prompts, 256 examples apart.
std::vector<ifstop::Evaluation> shares(const std::vector<std::int64_t>& successes) {
  std::vector<ifstop::Evaluation> all;
  for (const auto k : successes)
    all.push_back(share_at(256 * static_cast<std::int64_t>(all.size() + 1), k, 1000));
  return all;
}

}  // namespace

CATCH_TEST_CASE("stops where even the upper bound of the rise is small") {
  Slope rule({.window = 5});
  // Steep; then five readings at rest (from 900 on) are the first whole window without a rise.
  CATCH_CHECK(stop_index(rule, shares({200, 400, 600, 800, 900, 902, 899, 901, 900, 900})) == 8);
  Slope steep({.window = 5});
  CATCH_CHECK(stop_index(steep, shares({200, 250, 300, 350, 400, 450, 500, 550})) == -1);
}

CATCH_TEST_CASE("few prompts: the same readings tell less") {
  Slope rule({.window = 5});
  for (int i = 1; i <= 5; ++i) CATCH_CHECK_FALSE(rule.observe(share_at(256 * i, 9, 10)).stop);
}

CATCH_TEST_CASE("where failures are watched, a fall is the rise") {
  Slope up({.window = 4}), down({.direction = ifstop::Direction::minimize, .window = 4});
  for (const std::int64_t k : {300, 500, 700, 705, 704, 706, 705}) {
    static std::int64_t x = 0;
    x += 256;
    CATCH_CHECK(up.observe(share_at(x, k, 1000)).stop == down.observe(share_at(x, 1000 - k, 1000)).stop);
  }
}

CATCH_TEST_CASE("slope: saved in mid-sequence, and restored") {
  const auto run = shares({200, 400, 600, 800, 900, 902, 899, 901, 900, 900});
  Slope whole({.window = 5}), first({.window = 5}), second({.window = 5});
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (i == 6) second.restore(first.state());
    CATCH_CHECK(whole.observe(run[i]) == (i < 6 ? first : second).observe(run[i]));
  }
}

CATCH_TEST_CASE("slope: options that cannot be are refused with their value") {
  const auto make = [](ifstop::SlopeOptions o) { return Slope(o); };
  CATCH_CHECK_THROWS_MATCHES(make({.margin = 0}), std::invalid_argument,
                             Message("slope: margin = 0 must be a share above 0 and below 1"));
  CATCH_CHECK_THROWS_MATCHES(make({.standard_errors = -1}), std::invalid_argument,
                             Message("slope: standard_errors = -1 must be 0 or more"));
  CATCH_CHECK_THROWS_MATCHES(make({.window = 3}), std::invalid_argument,
                             Message("slope: window = 3 must be 4 or more"));
}
