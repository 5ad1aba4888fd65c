// The traps that every rule must survive, run over each of them.
#include "ifstop/stop/watched_rule.hpp"

#include <random>

#include "ifstop/stop/rules.hpp"
#include "stop/points.hpp"
#include "support/catch.hpp"

using namespace ifstop_test;
using Catch::Matchers::Message;
using ifstop::make_rule;

namespace {

/// One of each rule, in settings that stop within a few dozen evaluations of a rising and resting curve.
std::vector<ifstop::RulePtr> every_rule() {
  std::vector<ifstop::RulePtr> rules;
  rules.push_back(make_rule("default", "ifs"));
  rules.push_back(make_rule("patience:patience=2,window=3,cooldown=1,min_evaluations=2", "ifs"));
  rules.push_back(make_rule("threshold:threshold=0.85", "ifs"));
  rules.push_back(make_rule("default", "ifs,ifs_strict"));
  std::vector<ifstop::RulePtr> members;
  members.push_back(make_rule("plateau", "ifs_strict"));
  members.push_back(make_rule("threshold:evaluations=3", "ifs"));
  rules.push_back(std::make_unique<ifstop::AnyOf>(std::move(members)));
  return rules;
}

/// Rising to .94 and resting, 200 prompts, with outcomes of single prompts.
std::vector<ifstop::Evaluation> curve(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<ifstop::Evaluation> all;
  for (int i = 0; i < 30; ++i) {
    ifstop::Evaluation e;
    e.step = 16 * i, e.examples = 128 * i;
    for (const auto& [name, top] : {std::pair("ifs", .95), std::pair("ifs_strict", .92)}) {
      auto& tally = e.scores[name].tally;
      tally.trials = 200;
      std::bernoulli_distribution answer(top - (top - .2) * std::exp(-i / 3.0));
      for (int j = 0; j < 200; ++j)
        tally.outcomes.push_back(answer(random)), tally.successes += tally.outcomes.back();
      const auto [low, high] = ifstop::wilson(static_cast<double>(tally.successes), 200);
      e.scores[name].low = low, e.scores[name].high = high;
    }
    all.push_back(std::move(e));
  }
  return all;
}

std::vector<ifstop::Decision> answers(ifstop::Rule& rule,
                                      const std::vector<ifstop::Evaluation>& evaluations) {
  std::vector<ifstop::Decision> all;
  for (const auto& e : evaluations) all.push_back(rule.observe(e));
  return all;
}

}  // namespace

CATCH_TEST_CASE("a rule that is reset is as new") {  // ensmallen: best and counter never reset
  for (const auto& rule : every_rule()) {
    CATCH_INFO(rule->name());
    const auto first = answers(*rule, curve(1));
    CATCH_REQUIRE(first.back().stop);
    rule->reset();
    CATCH_CHECK(answers(*rule, curve(1)) == first);
  }
}

CATCH_TEST_CASE("saved and restored at every point equals no interruption") {  // Lightning, Hugging Face
  for (unsigned seed = 0; seed < 4; ++seed) {
    const auto points = curve(seed);
    const auto uninterrupted = every_rule();
    for (std::size_t r = 0; r < uninterrupted.size(); ++r) {
      CATCH_INFO(uninterrupted[r]->name() << ", seed " << seed);
      const auto whole = answers(*uninterrupted[r], points);
      auto rule = std::move(every_rule()[r]);
      std::vector<ifstop::Decision> resumed;
      for (const auto& point : points) {
        auto next = std::move(every_rule()[r]);
        next->restore(rule->state());
        CATCH_REQUIRE(next->state() == rule->state());
        rule = std::move(next);
        resumed.push_back(rule->observe(point));
      }
      CATCH_CHECK(resumed == whole);
    }
  }
}

CATCH_TEST_CASE("a run that had stopped stays stopped when resumed") {  // Hugging Face, Keras: it trains on
  for (std::size_t r = 0; r < every_rule().size(); ++r) {
    auto rule = std::move(every_rule()[r]);
    const auto before = answers(*rule, curve(2)).back();
    CATCH_REQUIRE(before.stop);
    auto resumed = std::move(every_rule()[r]);
    resumed->restore(rule->state());
    const auto after = resumed->observe(share_at(100000, 0, 200));
    CATCH_CHECK(after == before);
    CATCH_CHECK_FALSE(after.keep);  // said once
  }
}

CATCH_TEST_CASE("NaN and infinity are named, never the best and never a stop") {  // ignite, Composer, llm.c
  for (const double bad : {ifstop_test::nan, infinity, -infinity}) {
    ifstop::Patience rule({.patience = 1, .window = 2});
    const auto first = rule.observe(value_at(8, bad));  // also as the very first value
    CATCH_CHECK(first.reason == fmt::format("ifs is {}, no finite number, at 8 examples: ignored", bad));
    CATCH_CHECK_FALSE(first.best);
    rule.observe(value_at(16, .5));
    const auto state = rule.state();
    for (int i = 3; i < 10; ++i) {
      const auto decision = rule.observe(value_at(8 * i, bad));
      CATCH_CHECK_FALSE(decision.stop);
      CATCH_CHECK_FALSE(decision.keep);
      CATCH_CHECK(decision.best == .5);
    }
    CATCH_CHECK(rule.state() == state);
  }
}

CATCH_TEST_CASE("evaluations that say nothing change nothing and say why") {
  for (const auto& rule : every_rule()) {
    if (rule->state().find("member.") != std::string::npos) continue;  // composites: below
    rule->observe(share_at(64, 100, 200));
    const auto state = rule->state();
    const auto reason = [&](const ifstop::Evaluation& e) {
      const auto decision = rule->observe(e);
      CATCH_CHECK_FALSE(decision.stop);
      CATCH_CHECK_FALSE(decision.keep);
      return decision.reason;
    };
    CATCH_CHECK(reason(share_at(72, 0, 0)) == "ifs was measured on no prompt at 72 examples: ignored");
    auto impossible = share_at(72, 4, 5);
    impossible.scores["ifs"].tally.successes = 7;
    CATCH_CHECK(reason(impossible) == "ifs counts 7 successes of 5 trials at 72 examples: ignored");
    CATCH_CHECK(reason(share_at(72, 1, 2, "run_on")) ==
                "ifs is missing from the evaluation at 72 examples: ignored");
    CATCH_CHECK(reason(share_at(64, 190, 200)) ==
                "the evaluation at 64 examples (step 8) is not later than the last one, at 64 examples (step "
                "8): ignored");
    CATCH_CHECK(reason(share_at(56, 190, 200)) ==
                "the evaluation at 56 examples (step 7) is not later than the last one, at 64 examples (step "
                "8): ignored");
    CATCH_CHECK(rule->state() == state);
  }
}

CATCH_TEST_CASE("where examples are not counted, steps say what is later") {
  ifstop::Patience rule({.patience = 1});
  ifstop::Evaluation e;
  e.step = 5, e.values["ifs"] = .5;
  rule.observe(e);
  CATCH_CHECK(
      rule.observe(e).reason ==
      "the evaluation at step 5 (step 5) is not later than the last one, at step 5 (step 5): ignored");
  e.step = 6;
  CATCH_CHECK(rule.observe(e).reason == "ifs 0.5 is not better than 0.5 at step 5: miss 1 of 1");
}

CATCH_TEST_CASE(
    "options are compared on restore and nothing changes where they differ") {  // Lightning: raised patience
                                                                                // ignored
  const auto saved = make_rule("patience:patience=1", "ifs");
  saved->observe(value_at(8, .5));
  const auto raised = make_rule("patience:patience=5", "ifs");
  const auto before = raised->state();
  CATCH_CHECK_THROWS_MATCHES(
      raised->restore(saved->state()), std::invalid_argument,
      Message("patience: the saved state has other options: patience was 1, is 5. Use the saved ones, start "
              "anew, or pass the state through without_options() to go on under the new ones"));
  CATCH_CHECK(raised->state() == before);
  raised->restore(
      ifstop::without_options(saved->state()));  // on purpose: what was seen is kept, patience is 5
  CATCH_CHECK(raised->observe(value_at(16, .5)).reason ==
              "ifs 0.5 is not better than 0.5 at 8 examples: miss 1 of 5");
}

CATCH_TEST_CASE("a state that is damaged anywhere is refused and nothing changes") {
  for (std::size_t r = 0; r < every_rule().size(); ++r) {
    auto rule = std::move(every_rule()[r]);
    for (int i = 0; i < 4; ++i) rule->observe(curve(3)[static_cast<std::size_t>(i)]);
    const auto good = rule->state();
    auto other = std::move(every_rule()[r]);
    other->observe(curve(4)[0]);
    const auto before = other->state();
    for (std::size_t line = 0; line < good.size(); line = good.find('\n', line) + 1) {
      auto bad = good;
      bad.erase(line, good.find('\n', line) + 1 - line);  // one line is missing
      if (good.compare(line, std::string::npos, bad, line, std::string::npos) == 0) continue;
      if (good.substr(line, good.find(' ', line) - line).find("option.") != std::string::npos) continue;
      CATCH_INFO(good.substr(line, good.find('\n', line) - line));
      CATCH_CHECK_THROWS_AS(other->restore(bad), std::invalid_argument);
      CATCH_CHECK(other->state() == before);
    }
    CATCH_CHECK_THROWS_AS(other->restore(good.substr(0, good.size() - 1)), std::invalid_argument);
  }
  CATCH_CHECK_THROWS_MATCHES(make_rule("plateau", "ifs")->restore(make_rule("patience", "ifs")->state()),
                             std::invalid_argument,
                             Message("plateau: the saved state is one of the rule patience"));
}
