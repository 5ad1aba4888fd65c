#include "ifstop/stop/patience.hpp"

#include <fstream>
#include <sstream>

#include "stop/points.hpp"
#include "support/catch.hpp"
#include "support/source_dir.hpp"

using Catch::Matchers::Message;
using ifstop::DeltaKind;
using ifstop::Direction;
using ifstop::Improvement;
using ifstop::Patience;
using ifstop::PatienceOptions;
using ifstop_test::stop_index;
using ifstop_test::value_at;
using ifstop_test::values;

CATCH_TEST_CASE("Hugging Face's meaning, value for value: its own callback's stops") {
  std::ifstream file(ifstop_test::source_dir() / "tests/stop/hugging_face_patience.tsv");
  int cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    std::istringstream in(line);
    bool greater = false;
    PatienceOptions options{.improvement = Improvement::over_best};
    int expected = 0;
    in >> greater >> options.patience >> options.min_delta >> expected;
    options.direction = greater ? Direction::maximize : Direction::minimize;
    std::vector<double> numbers;
    for (double number = 0; in >> number;) numbers.push_back(number);
    Patience rule(options);
    CATCH_INFO(line);
    CATCH_CHECK(stop_index(rule, values(numbers)) == expected);
  }
  CATCH_CHECK(cases == 96);
}

CATCH_TEST_CASE("Keras's meaning, value for value") {
  const auto stop = [](PatienceOptions options, const std::vector<double>& numbers) {
    Patience rule(options);
    return stop_index(rule, values(numbers));
  };
  // patience 0 (its default) stops at the first epoch without improvement, and so does 1.
  CATCH_CHECK(stop({.patience = 0}, {.2, .5, .5}) == 2);
  CATCH_CHECK(stop({.patience = 1}, {.2, .5, .5}) == 2);
  CATCH_CHECK(stop({.patience = 2}, {.2, .5, .5, .6, .5, .6}) ==
              5);  // .6 ends the row; an equal .6 is a miss
  // value - min_delta > best, in floating point: .91 - .01 is not more than .90, though .91 - .90 is more
  // than .01.
  CATCH_CHECK(stop({.patience = 1, .min_delta = .01}, {.90, .91}) == 1);
  CATCH_CHECK(stop({.patience = 1, .min_delta = .01, .improvement = Improvement::over_best}, {.90, .91}) ==
              -1);
  // Small gains add up: the reference stays .50 until .52, where Hugging Face's best creeps along and misses.
  CATCH_CHECK(stop({.patience = 3, .min_delta = .015}, {.50, .51, .515, .52, .525, .53}) == -1);
  CATCH_CHECK(stop({.patience = 3, .min_delta = .015, .improvement = Improvement::over_best},
                   {.50, .51, .515, .52, .525, .53}) == 3);
  // start_from_epoch 2: the two first values are not even the best.
  CATCH_CHECK(stop({.patience = 1, .min_evaluations = 2}, {.9, .8, .5, .6, .6}) == 4);
  // baseline: what stays at or below it goes on counting, but the check is made at a value that is no
  // improvement.
  CATCH_CHECK(stop({.patience = 2, .baseline = .7}, {.2, .3, .4, .5, .4}) == 4);
  CATCH_CHECK(stop({.patience = 2, .baseline = .7}, {.2, .8, .7, .9, .8, .8}) == 5);
  // mode "min".
  CATCH_CHECK(stop({.direction = Direction::minimize, .patience = 2, .min_delta = .1},
                   {3.0, 2.0, 1.95, 1.8, 1.75, 1.75}) == 5);
}

CATCH_TEST_CASE("a relative delta goes the right way for negative values") {
  PatienceOptions options{.patience = 1, .min_delta = .1, .delta = DeltaKind::relative};
  Patience up(options);
  CATCH_CHECK(stop_index(up, values({-10, -8.9, -8})) == -1);  // more than 10 % of 10, then of 8.9
  Patience small(options);
  CATCH_CHECK(stop_index(small, values({-10, -9.5})) == 1);  // half as much as is asked
  options.direction = Direction::minimize;
  Patience down(options);
  CATCH_CHECK(stop_index(down, values({-10, -10.5})) == 1);
}

CATCH_TEST_CASE("zero is a target, a divergence limit and a baseline like any other number") {
  Patience target({.target = 0.0});
  CATCH_CHECK(stop_index(target, values({-2, -1, 0})) == 2);
  Patience divergence({.divergence = 0.0});
  CATCH_CHECK(stop_index(divergence, values({1, 0, -.5})) == 2);  // 0 itself is not worse than 0
  Patience none;
  CATCH_CHECK(stop_index(none, values({-2, -1, 0})) == -1);
}

CATCH_TEST_CASE("cooldown forgives misses after an improvement, a window smooths") {
  Patience cooldown({.patience = 1, .cooldown = 2});
  CATCH_CHECK(stop_index(cooldown, values({.5, .4, .4, .6, .5, .5, .5})) == 6);
  Patience window({.patience = 1, .window = 2});
  // means: .2, .4 (.2 .6), .55 (.6 .5), .5 (.5 .5)
  CATCH_CHECK(stop_index(window, values({.2, .6, .5, .5})) == 3);
}

CATCH_TEST_CASE("every reason, to the letter") {
  Patience rule({.patience = 2, .min_delta = .01, .min_evaluations = 1});
  CATCH_CHECK(rule.observe(value_at(8, .1)).reason == "ifs 0.1: evaluation 1 of 1 that are not counted");
  CATCH_CHECK(rule.observe(value_at(16, .5)).reason == "ifs 0.5 is the first");
  CATCH_CHECK(rule.observe(value_at(24, .6)).reason ==
              "ifs 0.6 is better than 0.5 at 16 examples by more than 0.01");
  CATCH_CHECK(rule.observe(value_at(32, .605)).reason ==
              "ifs 0.605 is not better than 0.6 at 24 examples by more than 0.01: miss 1 of 2");
  const auto stop = rule.observe(value_at(40, .59));
  CATCH_CHECK(stop.stop);
  CATCH_CHECK(stop.reason == "ifs 0.59 is not better than 0.6 at 24 examples by more than 0.01: miss 2 of 2");
  CATCH_CHECK(stop.rule == "patience");
  CATCH_CHECK(stop.best == .605);  // the best value, whatever the delta
  CATCH_CHECK(stop.best_examples == 32);

  Patience target({.window = 2, .target = .9});
  target.observe(value_at(8, .9 - 1e-9));
  CATCH_CHECK(target.observe(value_at(16, .95)).reason == "mean ifs 0.925 has reached the target 0.9");
  Patience divergence({.metric = "eval_loss", .direction = Direction::minimize, .divergence = 5});
  CATCH_CHECK(divergence.observe(value_at(8, 7.25, "eval_loss")).reason ==
              "eval_loss 7.25 is worse than the divergence limit 5");
  Patience baseline({.baseline = .7});
  baseline.observe(value_at(8, .1));
  CATCH_CHECK(baseline.observe(value_at(16, .2)).reason ==
              "ifs 0.2 is better than before but not than the baseline 0.7: miss 2");
  Patience relative({.min_delta = .1, .delta = DeltaKind::relative, .cooldown = 1});
  relative.observe(value_at(8, .5));
  CATCH_CHECK(
      relative.observe(value_at(16, .5)).reason ==
      "ifs 0.5 is not better than 0.5 at 8 examples by more than 0.1 of it: forgiven, 0 more would be");
}

CATCH_TEST_CASE("bad options fail at construction with field and value") {
  const auto refuses = [](PatienceOptions options, const std::string& text) {
    CATCH_CHECK_THROWS_MATCHES(Patience(options), std::invalid_argument, Message(text));
  };
  refuses({.metric = ""}, "patience: metric is empty; name one, such as ifs");
  refuses({.patience = -1}, "patience: patience = -1 must be 0 or more");
  refuses({.min_delta = -.5},
          "patience: min_delta = -0.5 must be 0 or more; the direction says which way is better");
  refuses({.min_delta = ifstop_test::nan},
          "patience: min_delta = nan must be 0 or more; the direction says which way is better");
  refuses({.min_evaluations = -1}, "patience: min_evaluations = -1 must be 0 or more");
  refuses({.cooldown = -2}, "patience: cooldown = -2 must be 0 or more");
  refuses({.window = 0}, "patience: window = 0 must be 1 or more");
  refuses({.target = ifstop_test::nan}, "patience: target = nan must be finite; leave it unset for none");
  refuses({.divergence = -ifstop_test::infinity},
          "patience: divergence = -inf must be finite; leave it unset for none");
  refuses({.target = .5, .divergence = .6}, "patience: divergence = 0.6 is better than target = 0.5");
}
