#include "ifstop/stop/guard_rail.hpp"

#include "stop/points.hpp"
#include "support/catch.hpp"

using ifstop::GuardRail;
using namespace ifstop_test;
using Catch::Matchers::Message;

CATCH_TEST_CASE("stops where a share has fallen by more than the limit and its errors, twice in a row") {
  GuardRail rule({.metric = "objecqa", .fall = .1});
  const auto at = [](std::int64_t x, std::int64_t k) { return share_at(x, k, 1000, "objecqa"); };
  CATCH_CHECK_FALSE(rule.observe(at(8, 500)).stop);   // the first is the best
  CATCH_CHECK_FALSE(rule.observe(at(16, 700)).stop);  // better
  CATCH_CHECK_FALSE(
      rule.observe(at(24, 580)).stop);  // .12 worse, but that is .1 and two standard errors of .02 at most
  CATCH_CHECK_FALSE(rule.observe(at(32, 500)).stop);  // .2 worse: once
  CATCH_CHECK_FALSE(rule.observe(at(40, 650)).stop);  // back: no longer in a row
  CATCH_CHECK_FALSE(rule.observe(at(48, 500)).stop);
  const auto stop = rule.observe(at(56, 510));
  CATCH_CHECK(stop.stop);
  CATCH_CHECK(stop.best_examples == 16);
  CATCH_CHECK(stop.reason ==
              "objecqa 0.51 is worse than 0.7 at 16 examples by 0.19 (limit 0.143; 2 of 2 in a row)");
}

CATCH_TEST_CASE("a loss guards as well: it has no sampling error") {
  GuardRail rule(
      {.metric = "eval_loss", .direction = ifstop::Direction::minimize, .fall = .1, .evaluations = 1});
  CATCH_CHECK_FALSE(rule.observe(value_at(8, 2.0, "eval_loss")).stop);
  CATCH_CHECK_FALSE(rule.observe(value_at(16, 1.5, "eval_loss")).stop);
  CATCH_CHECK_FALSE(rule.observe(value_at(24, 1.55, "eval_loss")).stop);
  CATCH_CHECK_FALSE(rule.observe(value_at(32, ifstop_test::nan, "eval_loss")).stop);  // no number, no stop
  CATCH_CHECK(rule.observe(value_at(40, 1.7, "eval_loss")).stop);
}

CATCH_TEST_CASE("guard rail: saved in mid-sequence, and restored") {
  GuardRail whole, first, second;
  const std::vector<std::int64_t> successes{50, 90, 40, 30, 20};
  for (std::size_t i = 0; i < successes.size(); ++i) {
    if (i == 3) second.restore(first.state());
    const auto e = share_at(8 * static_cast<std::int64_t>(i + 1), successes[i], 100, "objecqa");
    CATCH_CHECK(whole.observe(e) == (i < 3 ? first : second).observe(e));
  }
}

CATCH_TEST_CASE("guard rail: options that cannot be are refused with their value") {
  const auto make = [](ifstop::GuardRailOptions o) { return GuardRail(o); };
  CATCH_CHECK_THROWS_MATCHES(make({.fall = -1}), std::invalid_argument,
                             Message("guard_rail: fall = -1 must be 0 or more"));
  CATCH_CHECK_THROWS_MATCHES(make({.evaluations = 0}), std::invalid_argument,
                             Message("guard_rail: evaluations = 0 must be 1 or more"));
}
