#include "ifstop/stop/sequential.hpp"

#include <random>

#include "stop/points.hpp"
#include "support/catch.hpp"

using ifstop::Sequential;
using namespace ifstop_test;
using Catch::Matchers::Message;

namespace {

/// An evaluation of 100 prompts with the outcome of each: half of them easy.
ifstop::Evaluation outcomes_at(std::int64_t examples, double share, std::mt19937& random) {
  std::uniform_real_distribution<double> uniform;
  std::vector<std::uint8_t> outcomes;
  std::int64_t successes = 0;
  for (int i = 0; i < 100; ++i) {
    outcomes.push_back(i < 50 ? uniform(random) < std::min(1., share + .2) : uniform(random) < share - .2);
    successes += outcomes.back();
  }
  auto e = share_at(examples, successes, 100);
  e.scores["ifs"].tally.outcomes = outcomes;
  return e;
}

}  // namespace

CATCH_TEST_CASE("a rise is claimed without cause in at most 5 of 100 runs, however often one looks") {
  std::mt19937 random(1);
  int claims = 0;
  for (int run = 0; run < 1000; ++run) {
    Sequential rule({.pairs = 12});
    bool claimed = false;
    for (int i = 0; i <= 24; ++i)
      claimed = claimed ||
                rule.observe(outcomes_at(8 * i, .6, random)).reason.find("has risen") != std::string::npos;
    claims += claimed;
  }
  CATCH_CHECK(claims <= 65);  // 50 expected at most; 2 standard errors
}

CATCH_TEST_CASE("a rise moves the reference; none for all pairs stops") {
  std::mt19937 random(2);
  Sequential rule;
  int at = 0;
  for (; at < 100; ++at)
    if (rule.observe(outcomes_at(256 * at, std::min(.75, .25 + .02 * at), random)).stop) break;
  CATCH_CHECK(at >= 25);  // the rise ends at 25
  CATCH_CHECK(at <= 25 + 2 * 13);
}

CATCH_TEST_CASE("without outcomes nothing is tested, and nothing stops") {
  Sequential rule;
  CATCH_CHECK(rule.observe(share_at(8, 50, 100)).reason ==
              "ifs 0.500 comes without the outcomes of single prompts: not tested");
  std::mt19937 random(3);
  CATCH_CHECK(rule.observe(outcomes_at(16, .5, random)).reason.find("is the reference") != std::string::npos);
  for (int i = 3; i < 60; ++i) CATCH_CHECK_FALSE(rule.observe(share_at(8 * i, 50, 100)).stop);
}

CATCH_TEST_CASE("sequential: saved in mid-sequence, and restored") {
  for (const int cut : {1, 4, 9, 12}) {
    std::mt19937 random(4);
    Sequential whole, first, second;
    for (int i = 0; i < 30; ++i) {
      if (i == cut) second.restore(first.state());
      const auto e = outcomes_at(256 * i, .6, random);
      CATCH_CHECK(whole.observe(e) == (i < cut ? first : second).observe(e));
    }
  }
}

CATCH_TEST_CASE("sequential: options and states that cannot be are refused") {
  const auto make = [](ifstop::SequentialOptions o) { return Sequential(o); };
  CATCH_CHECK_THROWS_MATCHES(make({.error = 0}), std::invalid_argument,
                             Message("sequential: error = 0 must be above 0 and below 1"));
  CATCH_CHECK_THROWS_MATCHES(make({.pairs = 1}), std::invalid_argument,
                             Message("sequential: pairs = 1 must be 2 or more"));
  Sequential rule;
  auto state = rule.state();
  state.replace(state.find("pairs 0\n"), 8, "pairs 3\n");
  CATCH_CHECK_THROWS_AS(rule.restore(state), std::invalid_argument);
}
