#include "ifstop/stop/plateau.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>

#include "ifstop/stop/patience.hpp"
#include "stop/points.hpp"
#include "support/catch.hpp"

using ifstop::Plateau;
using ifstop::PlateauOptions;
using namespace ifstop_test;
using Catch::Matchers::Message;

namespace {

/// Set IFSTOP_SHOW_FIGURES to see the figures that docs/rules/plateau.md quotes.
bool show_figures() {
  return std::getenv("IFSTOP_SHOW_FIGURES") != nullptr;
}

/// A curve whose truth is known, over training examples.
struct Truth {
  std::string name;
  std::function<double(double)> share;
};

constexpr double start = .2, top = .94;  // as the miniature's and the paper's curves

Truth exponential(double scale) {
  return {fmt::format("exponential {}", scale),
          [=](double x) { return top - (top - start) * std::exp(-x / scale); }};
}
Truth logistic(double middle, double width) {
  const double at_zero = 1 / (1 + std::exp(middle / width));
  return {fmt::format("logistic {}", middle), [=](double x) {
            return start +
                   (top - start) * (1 / (1 + std::exp((middle - x) / width)) - at_zero) / (1 - at_zero);
          }};
}
Truth power_law(double scale) {
  return {fmt::format("power law {}", scale),
          [=](double x) { return top - (top - start) / std::sqrt(1 + x / scale); }};
}
Truth late_ramp() {
  return {"flat until 3000, then a ramp of 1500",
          [](double x) { return start + (top - start) * std::clamp((x - 3000) / 1500, 0., 1.); }};
}
Truth flat(double level) {
  return {fmt::format("flat at {}", level), [=](double) { return level; }};
}

/// One noisy run: `prompts` prompts, hard ones hard at every evaluation.
std::vector<ifstop::Evaluation> simulate(const Truth& truth, std::int64_t spacing, int prompts, bool paired,
                                         std::mt19937& random) {
  std::vector<double> difficulty(static_cast<std::size_t>(prompts));
  std::uniform_real_distribution<double> uniform;
  for (auto& d : difficulty) d = uniform(random);
  std::vector<ifstop::Evaluation> all;
  for (std::int64_t x = 0; x <= 12288; x += spacing) {
    ifstop::Evaluation e;
    e.examples = x, e.step = x / 8;
    auto& tally = e.scores["ifs"].tally;
    tally.trials = prompts;
    const double share = truth.share(static_cast<double>(x));
    for (const double d : difficulty) {
      // Half of the outcome is the prompt's difficulty, half is chance; the share stays what it is.
      const bool ok = uniform(random) < .5 ? d < share : uniform(random) < share;
      tally.successes += ok;
      if (paired) tally.outcomes.push_back(ok);
    }
    all.push_back(std::move(e));
  }
  return all;
}

/// How a rule does on many runs of one curve.
struct Figures {
  double too_early =
      0;  ///< share of runs stopped with more than .05 to come in the next doubling, or half the rise
  double stopped = 0;  ///< share of runs stopped at all
  double delay =
      0;  ///< mean evaluations between the plateau's begin (at most .02 to come in a doubling) and the stop
  double left = 0;  ///< mean rise still to come in a doubling, at the stop
};

template <class Make>
Figures figures(const Truth& truth, std::int64_t spacing, int prompts, bool paired, const Make& make) {
  std::mt19937 random(7);
  constexpr int runs = 100;
  const auto to_come = [&](double x) { return truth.share(2 * x) - truth.share(x); };
  double begin = 0;  // after the last point with more than .02 to come
  for (double x = 12288; x > 0 && begin == 0; x -= 16)
    if (to_come(x) > .02) begin = x;
  Figures f;
  for (int run = 0; run < runs; ++run) {
    auto rule = make();
    const auto points = simulate(truth, spacing, prompts, paired, random);
    const int stop = stop_index(rule, points);
    if (stop < 0) continue;
    const auto x = static_cast<double>(points[static_cast<std::size_t>(stop)].examples);
    f.stopped += 1;
    f.too_early +=
        to_come(x) > .05 || truth.share(x) < truth.share(0) + (truth.share(12288) - truth.share(0)) / 2;
    f.delay += (x - begin) / static_cast<double>(spacing);
    f.left += to_come(x);
  }
  f.delay /= f.stopped, f.left /= f.stopped, f.too_early /= runs, f.stopped /= runs;
  return f;
}

}  // namespace

CATCH_TEST_CASE("on curves with known truth the plateau rule is rarely too early and soon there") {
  const std::vector<Truth> truths{exponential(200),   exponential(400),   exponential(600),
                                  logistic(500, 120), logistic(800, 150), logistic(1200, 200),
                                  power_law(20),      late_ramp()};
  double plateau_worst = 0, patience_worst = 0;
  if (show_figures())
    std::puts(
        "plateau rule (and patience 3, min_delta .01): too early, stopped, delay in evaluations, still to "
        "come");
  for (const std::int64_t spacing : {64, 128, 256}) {
    for (const auto& truth : truths) {
      const auto f = figures(truth, spacing, 200, false, [] { return Plateau(); });
      const auto p = figures(truth, spacing, 200, false,
                             [] { return ifstop::Patience({.patience = 3, .min_delta = .01}); });
      if (show_figures())
        std::printf("%4d %-40s %.3f %.3f %5.1f %.3f   (%.3f %.3f %5.1f %.3f)\n", static_cast<int>(spacing),
                    truth.name.c_str(), f.too_early, f.stopped, f.delay, f.left, p.too_early, p.stopped,
                    p.delay, p.left);
      CATCH_INFO(truth.name << " every " << spacing);
      CATCH_CHECK(f.too_early <= .05);
      CATCH_CHECK(f.stopped == 1);
      CATCH_CHECK(f.too_early <= p.too_early);
      plateau_worst = std::max(plateau_worst, f.too_early),
      patience_worst = std::max(patience_worst, p.too_early);
    }
  }
  CATCH_CHECK(plateau_worst <= .05);
  CATCH_CHECK(patience_worst >= .9);  // patience stops in a flat start
}

CATCH_TEST_CASE("few prompts make it slower, not deaf; paired outcomes make it no worse") {
  const auto few = figures(exponential(400), 128, 50, false, [] { return Plateau(); });
  CATCH_CHECK(few.stopped == 1);
  CATCH_CHECK(few.too_early <= .05);
  CATCH_CHECK(few.delay < 15);
  const auto paired = figures(exponential(400), 128, 200, true, [] { return Plateau(); });
  CATCH_CHECK(paired.stopped == 1);
  CATCH_CHECK(paired.too_early <= .05);
  if (show_figures())
    std::printf("50 prompts: too early %.3f, delay %.1f; 200 paired: %.3f, %.1f\n", few.too_early, few.delay,
                paired.too_early, paired.delay);
}

CATCH_TEST_CASE("a curve that never rises is no plateau, one that begins high is") {
  CATCH_CHECK(figures(flat(.2), 256, 200, false, [] { return Plateau(); }).stopped <= .05);
  CATCH_CHECK(figures(flat(.95), 256, 200, false, [] { return Plateau(); }).stopped == 1);
  CATCH_CHECK(
      figures(flat(.2), 256, 200, false, [] { return Plateau({.rise_standard_errors = 0}); }).stopped == 1);
}

CATCH_TEST_CASE("minimising a share is maximising its complement") {
  Plateau up, down({.metric = "run_on", .direction = ifstop::Direction::minimize});
  std::mt19937 random(3);
  for (auto e : simulate(exponential(400), 128, 200, true, random)) {
    auto mirrored = e.scores["ifs"];
    mirrored.tally.successes = mirrored.tally.trials - mirrored.tally.successes;
    for (auto& outcome : mirrored.tally.outcomes) outcome = !outcome;
    e.scores["run_on"] = mirrored;
    const auto a = up.observe(e), b = down.observe(e);
    CATCH_CHECK(a.stop == b.stop);
    CATCH_CHECK(a.keep == b.keep);
  }
}

CATCH_TEST_CASE("every reason of the plateau rule, to the letter") {
  Plateau rule({.evaluations = 3, .window = 0});
  CATCH_CHECK(rule.observe(share_at(0, 40, 200)).reason ==
              "ifs 0.200: 1 of 3 evaluations that a judgement needs");
  rule.observe(share_at(128, 42, 200));
  CATCH_CHECK(rule.observe(share_at(256, 41, 200)).reason ==
              "ifs 0.205 has not yet risen beyond noise from its start at 0.200");
  rule.observe(share_at(384, 150, 200));
  rule.observe(share_at(512, 186, 200));
  CATCH_CHECK(rule.observe(share_at(640, 188, 200)).reason ==
              "ifs 0.940 may still be rising: over the last 3 evaluations, from 384 on, it changed by +0.190 "
              "(standard error 0.098)");
  rule.observe(share_at(768, 195, 200));
  const auto stop = rule.observe(share_at(896, 187, 200));
  CATCH_CHECK(stop.stop);
  CATCH_CHECK(stop.reason ==
              "ifs 0.935 has reached its plateau: over the last 3 evaluations, from 640 on, it changed by "
              "-0.005 (standard error 0.043)");
  CATCH_CHECK(stop.best == .975);
  CATCH_CHECK(stop.best_examples == 768);

  Plateau within({.evaluations = 3, .window = 0});
  within.observe(share_at(0, 950, 1000)), within.observe(share_at(64, 951, 1000));
  CATCH_CHECK(within.observe(share_at(128, 955, 1000)).reason ==
              "ifs 0.955 has reached its plateau: over the last 3 evaluations, from 0 on, it changed by "
              "+0.005 (standard error 0.010), within "
              "the tolerance 0.04");
  CATCH_CHECK(Plateau().observe(value_at(8, .5)).reason ==
              "ifs 0.500 is no share of prompts: not judged (the rule patience takes any number)");
}

CATCH_TEST_CASE("bad options of the plateau rule fail at construction with field and value") {
  const auto refuses = [](PlateauOptions options, const std::string& text) {
    CATCH_CHECK_THROWS_MATCHES(Plateau(options), std::invalid_argument, Message(text));
  };
  refuses({.tolerance = 0}, "plateau: tolerance = 0 must be a share above 0 and below 1");
  refuses({.standard_errors = -1}, "plateau: standard_errors = -1 must be 0 or more");
  refuses({.evaluations = 2}, "plateau: evaluations = 2 must be 3 or more");
  refuses({.window = 1}, "plateau: window = 1 must be a share from 0 to below 1");
  refuses({.rise_standard_errors = ifstop_test::nan},
          "plateau: rise_standard_errors = nan must be 0 or more");
  refuses({.settled_level = 1.5}, "plateau: settled_level = 1.5 must be a share from 0 to 1");
}
