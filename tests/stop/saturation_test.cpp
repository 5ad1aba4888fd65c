#include "ifstop/stop/saturation.hpp"

#include <cmath>
#include <random>

#include "stop/points.hpp"
#include "support/catch.hpp"

using ifstop::Saturation;
using ifstop::SaturationOptions;
using namespace ifstop_test;

using Catch::Matchers::Message;

namespace {

constexpr std::int64_t planned = 20480, spacing = 256, prompts = 200;

/// A noisy run on a known share.
template <class Share>
std::vector<ifstop::Evaluation> run_on(Share share, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform;
  std::vector<ifstop::Evaluation> run;
  for (std::int64_t x = 0; x <= planned; x += spacing) {
    std::int64_t successes = 0;
    for (int i = 0; i < prompts; ++i) successes += uniform(random) < share(static_cast<double>(x));
    run.push_back(share_at(x, successes, prompts));
    run.back().planned_examples = planned;
  }
  return run;
}

double exponential(double x) {
  return .2 + .74 * (1 - std::exp(-x / 1200));
}

}  // namespace

CATCH_TEST_CASE("stops after the plateau is reached and not long after") {
  // 0.03 short of the top at 1200·ln(.74/.03) = 3850 examples.
  for (unsigned seed = 0; seed < 8; ++seed) {
    Saturation rule;
    const auto run = run_on(exponential, seed);
    const auto at = stop_index(rule, run);
    CATCH_CAPTURE(seed);
    CATCH_CHECK(at * spacing > 3300);
    CATCH_CHECK(at * spacing < 10000);
  }
}

CATCH_TEST_CASE("what it states: sure of more at first, of little at the end") {
  Saturation rule;
  const auto run = run_on(exponential, 3);
  const auto early = [&] {
    ifstop::Decision d;
    for (std::size_t i = 0; i < 5; ++i) d = rule.observe(run[i]);
    return d;
  }();
  CATCH_CHECK_FALSE(early.stop);
  CATCH_CHECK(early.probability_more_helps > .95);
  CATCH_CHECK(std::abs(*early.gain - (.94 - exponential(1024))) < .2);
  CATCH_CHECK((*early.gain_low < .94 - exponential(1024) && *early.gain_high > .94 - exponential(1024)));
  CATCH_CHECK((early.gain_examples > 500 && early.gain_examples < planned));
  ifstop::Decision last;
  for (std::size_t i = 5; i < run.size() && !last.stop; ++i) last = rule.observe(run[i]);
  CATCH_REQUIRE(last.stop);
  CATCH_CHECK(last.probability_more_helps < .1);
  CATCH_CHECK((*last.gain >= 0 && *last.gain < .03));
  CATCH_CHECK(last.gain_low <= last.gain);
  CATCH_CHECK(last.gain <= last.gain_high);
  CATCH_CHECK(last.reason.find("has reached its plateau") != std::string::npos);
  CATCH_CHECK(last.reason.find("by 20480") != std::string::npos);
}

CATCH_TEST_CASE("a flat start is no plateau while most of the plan is ahead") {
  Saturation rule;
  CATCH_CHECK(stop_index(rule, run_on([](double x) { return x < 5000 ? .2 : .9; }, 1)) * spacing > 5000);
}

CATCH_TEST_CASE("a share near 1 has nothing left to gain") {
  Saturation rule;
  const auto at = stop_index(rule, run_on([](double) { return .985; }, 1));
  CATCH_CHECK((at >= 3 && at <= 6));  // as soon as a stop is allowed, or nearly
}

CATCH_TEST_CASE("the planned end is what still to come refers to") {
  // A straight line that gains .08 a thousand examples.
  const auto line = [](double x) { return .1 + .00004 * x; };
  auto far = run_on(line, 5), near = far;
  Saturation to_far, to_near, doubling;
  ifstop::Decision a, b, c;
  for (std::size_t i = 0; i < 20; ++i) {
    near[i].planned_examples = 4900;  // at the last row it is 4864 examples
    a = to_far.observe(far[i]), b = to_near.observe(near[i]);
    near[i].planned_examples = 0;
    c = doubling.observe(near[i]);
    if (i == 0) CATCH_CHECK_FALSE(c.probability_more_helps);  // no plan, no examples: nothing can be said
  }
  CATCH_CHECK(a.probability_more_helps > .9);
  CATCH_CHECK(b.probability_more_helps < .1);
  CATCH_CHECK(c.probability_more_helps > .9);
  CATCH_CHECK(c.reason.find("by 9728") != std::string::npos);
}

CATCH_TEST_CASE("scale does not matter: a run of millions of examples gets the same answers") {
  const auto run = run_on(exponential, 4);
  Saturation rule, thousandfold;
  for (auto e : run) {
    const auto a = rule.observe(e);
    e.examples *= 1000, e.planned_examples *= 1000;
    const auto b = thousandfold.observe(e);
    CATCH_CHECK(std::abs(*a.probability_more_helps - *b.probability_more_helps) < 1e-6);
  }
}

CATCH_TEST_CASE("without a plan a run may become as long as it likes") {
  Saturation rule;
  auto run = run_on(exponential, 4);
  for (auto& e : run) {
    e.examples *= 50, e.planned_examples = 0;
    const auto d = rule.observe(e);
    if (d.probability_more_helps)
      CATCH_CHECK((*d.probability_more_helps >= 0 && *d.probability_more_helps <= 1));
    if (d.stop) CATCH_CHECK(e.examples > 50 * 3300);
    if (d.stop) return;
  }
  CATCH_FAIL("never stopped");
}

CATCH_TEST_CASE("failures are watched the same way") {
  auto run = run_on(exponential, 6);
  Saturation up, down({.direction = ifstop::Direction::minimize});
  for (auto e : run) {
    const auto a = up.observe(e);
    auto& tally = e.scores["ifs"].tally;
    tally.successes = tally.trials - tally.successes;
    CATCH_CHECK(down.observe(e).probability_more_helps == a.probability_more_helps);
  }
}

CATCH_TEST_CASE("saved and restored at every point: the same answers") {
  const auto run = run_on(exponential, 7);
  for (std::size_t cut = 0; cut < 30; cut += 3) {
    Saturation whole, first, second;
    for (std::size_t i = 0; i < 40; ++i) {
      if (i == cut) second.restore(first.state());
      const auto a = whole.observe(run[i]);
      CATCH_CHECK(a == (i < cut ? first : second).observe(run[i]));
    }
  }
  // Also where the scale has grown with a run that has no plan.
  Saturation whole, first, second;
  for (auto e : run) {
    e.examples *= 40, e.planned_examples = 0;
    if (e.examples == 40 * spacing * 22) second.restore(first.state());
    const auto a = whole.observe(e);
    CATCH_CHECK(a == (e.examples < 40 * spacing * 22 ? first : second).observe(e));
  }
}

CATCH_TEST_CASE("reset forgets everything") {
  const auto run = run_on(exponential, 8);
  Saturation rule, fresh;
  stop_index(rule, run);
  rule.reset();
  CATCH_CHECK(rule.state() == fresh.state());
  CATCH_CHECK(stop_index(rule, run) == stop_index(fresh, run));
}

CATCH_TEST_CASE("bad points change nothing and never stop") {
  auto run = run_on(exponential, 9);
  Saturation clean, dirty;
  for (const auto& e : run) {
    const auto expected = clean.observe(e);
    if (!expected.stop) {
      auto impossible = share_at(e.examples, 3, 5);
      impossible.scores["ifs"].tally.successes = 7;
      for (auto bad : {share_at(e.examples, 0, 0), impossible, value_at(e.examples, ifstop_test::nan),
                       share_at(0, 100, 200), value_at(e.examples, .5, "other")}) {
        bad.planned_examples = planned;
        if (bad.examples == 0 && e.examples == 0) continue;
        CATCH_CHECK_FALSE(dirty.observe(bad).stop);
      }
    }
    CATCH_CHECK(dirty.observe(e) == expected);
  }
  Saturation plain;
  CATCH_CHECK(plain.observe(value_at(8, .5)).reason ==
              "ifs 0.500 is no share of prompts: not judged (the rule patience takes any number)");
}

CATCH_TEST_CASE("a state that is none is refused whole") {
  Saturation rule;
  const auto before = rule.state();
  const auto bad = [&](std::string from, const std::string& to) {
    auto text = before;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  CATCH_CHECK_THROWS_MATCHES(rule.restore(bad("points 0\n", "points 1\npoint.0 1 2\n")),
                             std::invalid_argument, Message("state: point.0 = \"1 2\" is no point"));
  CATCH_CHECK(rule.state() == before);
}

CATCH_TEST_CASE("options that cannot be are refused with their value") {
  const auto make = [](SaturationOptions o) { return Saturation(o); };
  CATCH_CHECK_THROWS_MATCHES(make({.margin = 0}), std::invalid_argument,
                             Message("saturation: margin = 0 must be a share above 0 and below 1"));
  CATCH_CHECK_THROWS_MATCHES(make({.probability = 1}), std::invalid_argument,
                             Message("saturation: probability = 1 must be above 0 and below 1"));
  CATCH_CHECK_THROWS_MATCHES(make({.evaluations = 2}), std::invalid_argument,
                             Message("saturation: evaluations = 2 must be 3 or more"));
  CATCH_CHECK_THROWS_MATCHES(make({.metric = ""}), std::invalid_argument,
                             Message("saturation: metric is empty; name one, such as ifs"));
}
