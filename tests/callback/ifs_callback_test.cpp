#include "ifstop/callback/ifs_callback.hpp"

#include <cerrno>
#include <clocale>
#include <cstdlib>

#include "callback/fake_run.hpp"
#include "support/catch.hpp"

using namespace ifstop_test;
using Catch::Matchers::Message;
using ifstop::IfsOptions;

CATCH_TEST_CASE("evaluates at step 0, on its interval and at the last step") {
  using Steps = std::vector<std::int64_t>;
  const auto steps = [](const char* interval, std::int64_t made, ifstop::Plan plan) {
    FakeRun run;
    auto options = every(interval);
    options.early_stopping = false;
    auto callback = run.callback(options);
    return evaluated_steps(run, callback, made, plan);
  };
  CATCH_CHECK(steps("4", 10, {.steps = 10}) == Steps{0, 4, 8, 10});
  CATCH_CHECK(steps("4", 10, {}) == Steps{0, 4, 8, 10});  // the end was not planned: on_run_end evaluates
  CATCH_CHECK(steps("32ex", 10, {.steps = 10}) == Steps{0, 4, 8, 10});
  CATCH_CHECK(steps("20ex", 10, {.steps = 10}) ==
              Steps{0, 3, 5, 8, 10});  // multiples of 20, where 8-example steps cross them
  CATCH_CHECK(steps("0.5", 10, {.steps = 10}) == Steps{0, 5, 10});
  CATCH_CHECK(steps("1ep", 10, {.steps = 10, .steps_per_epoch = 3}) == Steps{0, 3, 6, 9, 10});
  CATCH_CHECK(steps("6s", 10, {.steps = 10}) ==
              Steps{0, 4, 8, 10});  // 2 s an evaluation, 1 s a step: at 6, 12 seconds
  CATCH_CHECK(steps("100", 10, {.steps = 10}) == Steps{0, 10});
}

CATCH_TEST_CASE("the request is final text with everything a generator needs, the same at every evaluation") {
  FakeRun run;
  auto options = every("4");
  options.prompt_template = ifstop::Template::named("chatml");
  options.max_new_tokens = 17, options.temperature = .7, options.seed = 3, options.stop = {"END"},
  options.stop_at_turn = false;
  options.cancelled = [] { return false; };
  auto callback = run.callback(options, "default", 5);
  evaluated_steps(run, callback, 8, {.steps = 8});
  CATCH_REQUIRE(run.requests.size() == 3);
  const auto& first = run.requests[0];
  CATCH_CHECK(first.prompts[2] == options.prompt_template.apply("Do thing number 2"));
  CATCH_CHECK(first.max_new_tokens == 17);
  CATCH_CHECK(first.temperature == .7);
  CATCH_CHECK(first.stop == std::vector<std::string>{"END"});
  CATCH_CHECK(first.end_markers == std::vector<std::string>{"<|im_end|>"});
  CATCH_CHECK_FALSE(first.stop_at_turn);
  CATCH_CHECK(first.cancelled);
  CATCH_CHECK(std::set(first.seeds.begin(), first.seeds.end()).size() ==
              5);  // one of its own for every prompt
  for (const auto& later : run.requests) {
    CATCH_CHECK(later.prompts == first.prompts);
    CATCH_CHECK(later.seeds == first.seeds);
  }
  FakeRun other;
  options.seed = 4;
  auto reseeded = other.callback(options, "default", 5);
  evaluated_steps(other, reseeded, 1, {.steps = 1});
  CATCH_CHECK(other.requests[0].seeds != first.seeds);
}

CATCH_TEST_CASE("stops at the plateau, says why, and shows everything of an evaluation") {
  FakeRun run;
  auto callback = run.callback(every("16"));
  const auto at = evaluated_steps(run, callback, 1000, {.steps = 1000, .examples = 8000});
  CATCH_CHECK(run.step < 500);
  const auto& decision = callback.decision();
  CATCH_CHECK(decision.stop);
  CATCH_CHECK(decision.rule == "saturation");
  CATCH_CHECK(decision.reason.find("has reached its plateau") != std::string::npos);
  const auto& last = *callback.last();
  CATCH_CHECK(last.decision == decision);
  CATCH_CHECK(last.rows.size() == 100);
  CATCH_CHECK(last.completions.size() == 100);
  CATCH_CHECK(last.evaluation.step == run.step);
  CATCH_CHECK(last.evaluation.planned_examples == 8000);
  CATCH_CHECK(last.evaluation.prompts == 100);
  CATCH_CHECK(last.evaluation.seconds_eval == 2);
  CATCH_CHECK(last.evaluation.scores.at("ifs").tally.outcomes.size() == 100);
  CATCH_CHECK(callback.curve().size() == at.size());
  CATCH_CHECK(callback.baseline()->scores.at("ifs").value() < .35);
  CATCH_CHECK(callback.eval_share() == Approx(2. * static_cast<double>(at.size()) / (run.now - 1000)));
  CATCH_CHECK(callback.schedule() ==
              "an evaluation at step 0, every 16 steps, and at the last step, whatever it costs");
  // A hook that is called all the same says the same and does not evaluate.
  CATCH_CHECK(callback.on_step_end({.step = run.step + 1}).stop);
  CATCH_CHECK_FALSE(callback.evaluated());
}

CATCH_TEST_CASE("with early stopping off it evaluates to the end and says what the rule says") {
  FakeRun run;
  auto options = every("16");
  options.early_stopping = false;
  auto callback = run.callback(options);
  CATCH_CHECK(evaluated_steps(run, callback, 400, {.steps = 400}).back() == 400);
  CATCH_CHECK(callback.decision().stop);  // the rule's own answer
  const auto answer = callback.on_run_end({.step = 400});
  CATCH_CHECK_FALSE(answer.stop);
  CATCH_CHECK(answer.reason == "early stopping is off; the rule says: " + callback.decision().reason);
}

CATCH_TEST_CASE("an evaluation that fails is an error that says why, and nothing of it is recorded") {
  FakeRun run;
  std::string what;
  ifstop::Generate generate = [&](const ifstop::GenerateRequest& request) -> std::vector<ifstop::Completion> {
    if (what == "short") return {{"Answer", 1, {}}};
    if (what == "other") throw 7;
    if (!what.empty()) throw std::runtime_error(what);
    return run.generate()(request);
  };
  auto options = every("2");
  options.clock = run.clock();
  ifstop::IfsCallback callback(generate, prompts(5), ifstop::Scorer(judge()),
                               ifstop::make_rule("default", "ifs"), options);
  callback.on_run_begin({.plan = {.steps = 10}});
  const auto before = callback.state();
  const auto fails = [&](const std::string& how, const std::string& text) {
    what = how;
    CATCH_CHECK_THROWS_MATCHES(callback.on_step_end({.step = 2, .examples = 16}), ifstop::EvaluationFailed,
                               Message(text));
    CATCH_CHECK(callback.state() == before);
    CATCH_CHECK_FALSE(callback.evaluated());
  };
  fails("out of memory", "the evaluation at step 2 failed: out of memory; nothing of it was recorded");
  fails("short",
        "the evaluation at step 2 failed: Generate returned 1 completions for 5 prompts: one is needed for "
        "each, in order; "
        "nothing of it was recorded");
  fails("other",
        "the evaluation at step 2 failed: Generate threw something that is no std::exception; nothing of it "
        "was recorded");
  what.clear();
  callback.on_step_end({.step = 3, .examples = 24});  // made up for at the next hook
  CATCH_CHECK(callback.evaluated());
}

CATCH_TEST_CASE(
    "a cancelled evaluation is no score: the run goes on, and it is made up for, also after a resume") {
  FakeRun run;
  bool cancel = false;
  ifstop::Generate generate = [&](const ifstop::GenerateRequest& request) {
    if (cancel && request.cancelled()) throw ifstop::Cancelled();
    return run.generate()(request);
  };
  auto options = every("4");
  options.clock = run.clock(), options.cancelled = [&] { return cancel; };
  const auto make = [&] {
    return ifstop::IfsCallback(generate, prompts(20), ifstop::Scorer(judge()),
                               ifstop::make_rule("default", "ifs"), options);
  };
  auto callback = make();
  callback.on_run_begin({.plan = {.steps = 10}});
  cancel = true;
  const auto answer = callback.on_step_end({.step = 4, .examples = 32});
  CATCH_CHECK_FALSE(answer.stop);
  CATCH_CHECK(answer.reason ==
              "the evaluation at step 4 was cancelled: nothing of it was recorded, it will be made up for");
  CATCH_CHECK_FALSE(callback.evaluated());
  CATCH_CHECK(callback.curve().size() == 1);
  callback.on_run_end({.step = 4, .examples = 32, .outcome = ifstop::RunOutcome::preempted});
  CATCH_CHECK(callback.curve().size() == 1);

  cancel = false;
  auto resumed = make();
  resumed.restore(callback.state());
  resumed.on_run_begin({.step = 4, .examples = 32, .plan = {.steps = 10}});
  CATCH_CHECK(resumed.evaluated());
  CATCH_CHECK(resumed.curve().back().step == 4);
}

CATCH_TEST_CASE("a generator that comes back although it was cancelled gives no score either") {
  FakeRun run;
  auto options = every("4");
  options.cancelled = [] { return true; };
  auto callback = run.callback(options);
  callback.on_run_begin({.plan = {.steps = 10}});
  CATCH_CHECK_FALSE(callback.evaluated());
  CATCH_CHECK(callback.curve().empty());
}

CATCH_TEST_CASE("saved and restored after every step equals no interruption") {
  for (const double max_overhead : {0.0, 0.2}) {
    const auto options = [&](FakeRun& run) {
      auto result = every("8");
      result.max_overhead = max_overhead, result.clock = run.clock();
      return result;
    };
    const ifstop::Plan plan{.steps = 300, .examples = 2400};
    FakeRun whole_run;
    auto whole = whole_run.callback(options(whole_run));
    evaluated_steps(whole_run, whole, 300, plan);

    FakeRun run;
    auto state = run.callback(options(run)).state();
    bool stopped = false;
    std::string schedule;
    for (bool begin = true; !stopped && run.step < 300; begin = false) {
      auto callback = run.callback(options(run));
      callback.restore(state);
      CATCH_CHECK(callback.state() == state);
      stopped = callback.on_run_begin({.step = run.step, .examples = 8 * run.step, .plan = plan}).stop;
      CATCH_CHECK(callback.evaluated() == begin);
      // Timing for the budget needs some steps in a row; afterwards one step a process.
      for (int i = 0; i < (begin ? 10 : 1) && !stopped; ++i) {
        run.step += 1, run.now += 1;
        stopped = callback.on_step_end({.step = run.step, .examples = 8 * run.step}).stop;
      }
      state = callback.state();
      schedule = callback.schedule();
    }
    CATCH_CHECK(state == whole.state());
    CATCH_CHECK(schedule == whole.schedule());
    // Resuming a run that has stopped: it stays stopped, before another step is made.
    auto resumed = run.callback(options(run));
    resumed.restore(state);
    CATCH_CHECK(resumed.on_run_begin({.step = run.step, .examples = 8 * run.step, .plan = plan}).stop);
    CATCH_CHECK_FALSE(resumed.evaluated());
  }
}

CATCH_TEST_CASE("a state under another configuration is refused, every difference named, nothing changed") {
  FakeRun run;
  auto saved = run.callback(every("8"));
  saved.on_run_begin({.plan = {.steps = 10}});
  auto options = every("16");
  options.temperature = .7;
  auto other = run.callback(options);
  const auto before = other.state();
  CATCH_CHECK_THROWS_MATCHES(
      other.restore(saved.state()), std::invalid_argument,
      Message(
          "IfsCallback: the saved state has other options: every was 8 steps, is 16 steps; temperature was "
          "0, is 0.7. Use the "
          "saved ones, start anew, or pass the state through without_options() to go on under the new ones"));
  CATCH_CHECK(other.state() == before);
  CATCH_CHECK_THROWS_WITH(run.callback(every("8"), "default", 99).restore(saved.state()),
                          Catch::Matchers::Contains("other options: prompts was fake 1 "));
  CATCH_CHECK_THROWS_WITH(
      run.callback(every("8"), "patience").restore(saved.state()),
      Catch::Matchers::Contains("patience: the saved state is one of the rule saturation"));
  CATCH_CHECK_THROWS_MATCHES(other.restore("a 1\n"), std::invalid_argument,
                             Message("IfsCallback: this is not a state of an IfsCallback of version 1"));
  CATCH_CHECK(other.state() == before);
  other.restore(ifstop::without_options(saved.state()));
  CATCH_CHECK(other.curve().size() == 1);
}

CATCH_TEST_CASE("options that cannot be are refused at construction or at the run's begin") {
  FakeRun run;
  const auto refuses = [&](auto change, const std::string& text) {
    IfsOptions options;
    change(options);
    CATCH_CHECK_THROWS_MATCHES(run.callback(options), std::invalid_argument, Message(text));
  };
  refuses([](auto& o) { o.max_overhead = 1.5; },
          "IfsOptions: max_overhead = 1.5 must be a share from 0 (no limit) to below 1");
  refuses([](auto& o) { o.eval_on_start = false; },
          "IfsOptions: max_overhead = 0.03 needs eval_on_start: the evaluation at step 0 is what is timed");
  refuses([](auto& o) { o.every.count = 0; }, "IfsOptions: every = 0 must be positive");
  refuses([](auto& o) { o.max_new_tokens = 0; }, "IfsOptions: max_new_tokens = 0 must be at least 1");
  refuses([](auto& o) { o.temperature = -1; }, "IfsOptions: temperature = -1 must be 0 (greedy) or more");
  refuses([](auto& o) { o.timing_steps = 0; }, "IfsOptions: timing_steps = 0 must be at least 1");
  refuses([](auto& o) { o.processes.world_size = 2; }, "sum must be set where world_size = 2");
  refuses([](auto& o) { o.processes.rank = 1; }, "rank = 1 must be from 0 to 0");
  CATCH_CHECK_THROWS_MATCHES(run.callback({}, "default", 0), std::invalid_argument,
                             Message("IfsCallback: the prompt set is empty"));
  CATCH_CHECK_THROWS_MATCHES(
      ifstop::IfsCallback({}, prompts(1), ifstop::Scorer(judge()), ifstop::make_rule("default")),
      std::invalid_argument, Message("IfsCallback: generate must be set"));
  CATCH_CHECK_THROWS_MATCHES(
      ifstop::IfsCallback(run.generate(), prompts(1), ifstop::Scorer(judge()), nullptr),
      std::invalid_argument, Message("IfsCallback: rule must be set"));
  auto callback = run.callback({});
  CATCH_CHECK_THROWS_MATCHES(callback.on_run_begin({}), std::invalid_argument,
                             Message("max_overhead = 0.03 is a share of the planned run and needs "
                                     "Plan::steps, which is 0; set it, or max_overhead = 0"));
  CATCH_CHECK_THROWS_MATCHES(callback.on_step_end({}), std::logic_error,
                             Message("IfsCallback: on_step_end before on_run_begin"));
}

CATCH_TEST_CASE("nothing global is touched: the C library's random numbers, locale and errno") {
  std::srand(5);
  const int expected = std::rand();
  std::srand(5);
  errno = ERANGE;
  const std::string locale = std::setlocale(LC_ALL, nullptr);
  FakeRun run;
  auto callback = run.callback(every("4"));
  evaluated_steps(run, callback, 12, {.steps = 12});
  callback.restore(callback.state());
  CATCH_CHECK(errno == ERANGE);
  CATCH_CHECK(std::rand() == expected);
  CATCH_CHECK(std::setlocale(LC_ALL, nullptr) == locale);
}
