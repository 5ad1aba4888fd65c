// What may go wrong around the evaluations of one run: ends of answers, a second run, costs, wrong prompts.
#include "callback/fake_run.hpp"
#include "support/catch.hpp"

using namespace ifstop_test;

CATCH_TEST_CASE("a text that closes an answer ends it, also where the generator writes on") {
  FakeRun run;
  auto options = every("4");
  options.clock = run.clock(), options.prompt_template = ifstop::Template::named("chatml");
  const auto writes_on = [](const ifstop::GenerateRequest& request) {
    return std::vector<ifstop::Completion>(
        request.prompts.size(), {"Answer.<|im_end|>\n<|im_end|>", 9, ifstop::FinishReason::length});
  };
  ifstop::IfsCallback callback(writes_on, prompts(3), ifstop::Scorer(judge()),
                               ifstop::make_rule("default", "ifs"), options);
  callback.on_run_begin({.plan = {.steps = 8}});
  CATCH_CHECK(callback.last()->completions[2].text == "Answer.");
  CATCH_CHECK(callback.last()->completions[2].finish_reason == ifstop::FinishReason::eos);
  CATCH_CHECK(callback.curve().back().scores.at("eos").value() == 1);
}

CATCH_TEST_CASE("a second run on one callback must say so: what the first one saw would decide it") {
  FakeRun run;
  auto callback = run.callback(every("16"));
  evaluated_steps(run, callback, 1000, {.steps = 1000, .examples = 8000});
  CATCH_CHECK(callback.decision().stop);
  const auto first = callback.curve().size();
  CATCH_CHECK_THROWS_WITH(
      callback.on_run_begin({.plan = {.steps = 1000}}),
      Catch::Equals(fmt::format(
          "IfsCallback: a run begins at step 0, but this callback has seen one up to step {}: call "
          "reset() before another run, restore() before a resumed one",
          run.step)));
  callback.reset();
  CATCH_CHECK(callback.curve().empty());
  CATCH_CHECK(callback.state() == run.callback(every("16")).state());
  run.step = 0;
  evaluated_steps(run, callback, 1000, {.steps = 1000, .examples = 8000});
  CATCH_CHECK(callback.curve().size() == first);
  CATCH_CHECK(callback.decision().stop);
}

CATCH_TEST_CASE("the judge's time counts as time spent evaluating") {
  struct SlowJudge : PrefixJudge {
    explicit SlowJudge(double& clock) : now(clock) {}
    std::vector<double> probabilities(std::span<const ifstop::JudgePair> pairs) const override {
      now += 5;
      return PrefixJudge::probabilities(pairs);
    }
    double& now;
  };
  FakeRun run;
  auto options = every("4");
  options.clock = run.clock();
  const SlowJudge slow(run.now);
  ifstop::IfsCallback callback(run.generate(), prompts(4), ifstop::Scorer(slow),
                               ifstop::make_rule("default", "ifs"), options);
  callback.on_run_begin({.plan = {.steps = 8}});
  CATCH_CHECK(callback.curve().back().seconds_eval == 7);
  CATCH_CHECK(callback.eval_share() == 1);
}

CATCH_TEST_CASE("a cancelled evaluation does not forget which evaluation was best") {
  FakeRun run;
  bool cancel = false;
  auto options = every("4");
  options.early_stopping = false, options.clock = run.clock(), options.cancelled = [&] { return cancel; };
  ifstop::IfsCallback callback(run.generate(), prompts(50), ifstop::Scorer(judge()),
                               ifstop::make_rule("default", "ifs"), options);
  evaluated_steps(run, callback, 40, {.steps = 100});
  const auto best = callback.decision().best_step;
  CATCH_REQUIRE(best > 0);
  cancel = true;
  const auto answer = callback.on_step_end({.step = 44, .examples = 8 * 44});
  CATCH_CHECK(answer.best_step == best);
  CATCH_CHECK_FALSE(answer.stop);
  CATCH_CHECK_FALSE(answer.keep);
}

CATCH_TEST_CASE("prompts that could not be told apart, or ask nothing, are refused") {
  FakeRun run;
  const auto with = [&](ifstop::PromptSet set) {
    ifstop::IfsCallback callback(run.generate(), std::move(set), ifstop::Scorer(judge()),
                                 ifstop::make_rule("default", "ifs"));
  };
  auto twice = prompts(3);
  twice.prompts[2].id = "p0";
  CATCH_CHECK_THROWS_WITH(
      with(twice),
      Catch::Equals("IfsCallback: the id \"p0\" is there twice: it seeds a completion's random numbers"));
  auto blank = prompts(3);
  blank.prompts[1].text = " \n";
  CATCH_CHECK_THROWS_WITH(with(blank), Catch::Equals("IfsCallback: prompt \"p1\" has no text"));
}

CATCH_TEST_CASE("a state remembers its judges, and every stop text for itself") {
  FakeRun run;
  auto options = every("4");
  options.stop = {"a\nb"};
  const auto saved = run.callback(options).state();
  options.stop = {"a", "b"};
  auto other = run.callback(options);
  CATCH_CHECK_THROWS_WITH(other.restore(saved),
                          Catch::Contains("stop.0 was a") && Catch::Contains("stops was 1, is 2"));
  CATCH_CHECK(saved.find("judges prefix 1 at 0.5") != saved.npos);
}
