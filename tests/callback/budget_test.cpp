#include "ifstop/callback/budget.hpp"

#include "callback/fake_run.hpp"
#include "support/catch.hpp"

using ifstop::Budget;
using ifstop::plan_schedule;
using ifstop_test::FakeRun;

CATCH_TEST_CASE("where the budget pays for the spacing wanted, that is the schedule") {
  const auto schedule = plan_schedule(
      {.max_overhead = .1, .seconds_eval = 1, .seconds_step = 1, .steps = 100, .spacing_steps = 20});
  CATCH_CHECK(schedule.steps == std::vector<std::int64_t>{20, 40, 60, 80});
  CATCH_CHECK(schedule.sentence ==
              "6 evaluations of about 1 s each take 6 % of the planned 100 s of training (limit 10 %): "
              "at step 0, 20, 40, 60, 80, and at the last step, 100");
}

CATCH_TEST_CASE("where it does not, evaluations are dense first and ever further apart") {
  // 3 % of 10,000 s pays for 15 evaluations of 20 s: the baseline, the last, and 13 between.
  const auto schedule =
      plan_schedule({.seconds_eval = 20, .seconds_step = 1, .steps = 10000, .spacing_steps = 32});
  const auto& steps = schedule.steps;
  CATCH_REQUIRE(steps.size() == 13);
  CATCH_CHECK(steps.front() == 32);
  for (std::size_t i = 2; i < steps.size(); ++i)
    CATCH_CHECK(steps[i] - steps[i - 1] >= steps[i - 1] - steps[i - 2]);
  CATCH_CHECK(10000 - steps.back() >= steps.back() - steps[steps.size() - 2]);
  CATCH_CHECK(
      schedule.sentence ==
      fmt::format(
          "15 evaluations of about 20 s each take 3 % of the planned 10000 s of training (limit 3 %): "
          "at step 0, {}, {}, {}, {}, …, {}, and at the last step, 10000",
          steps[0], steps[1], steps[2], steps[3], steps.back()));
}

CATCH_TEST_CASE("a budget that does not even pay for the baseline and the last one says so") {
  const auto schedule =
      plan_schedule({.seconds_eval = 2, .seconds_step = 1, .steps = 100, .spacing_steps = 10});
  CATCH_CHECK(schedule.steps.empty());
  CATCH_CHECK(
      schedule.sentence ==
      "2 evaluations of about 2 s each take 4 % of the planned 100 s of training (limit 3 %): at step 0, "
      "at the last step, 100; the first and the last alone exceed the limit: fewer prompts or a lower "
      "token limit would fit");
}

CATCH_TEST_CASE("schedules keep their promises for every size") {
  for (const std::int64_t steps : {1, 2, 10, 137, 5000})
    for (const std::int64_t spacing : {1, 7, 64})
      for (const double seconds_eval : {0.0, .01, .5, 30.0})
        for (const std::int64_t from : {std::int64_t{0}, std::min<std::int64_t>(6, steps)}) {
          const Budget budget{.seconds_eval = seconds_eval,
                              .seconds_step = .5,
                              .steps = steps,
                              .from_step = from,
                              .spacing_steps = spacing};
          const auto schedule = plan_schedule(budget);
          CATCH_INFO(steps << " steps, every " << spacing << ", " << seconds_eval << " s, from " << from);
          std::int64_t last = from;
          for (const auto step : schedule.steps) {
            CATCH_REQUIRE(step - last >= spacing);
            CATCH_REQUIRE(step < steps);
            last = step;
          }
          const double spent = seconds_eval * static_cast<double>(schedule.steps.size() + 2);
          CATCH_CHECK((schedule.steps.empty() ||
                       spent <= budget.max_overhead * .5 * static_cast<double>(steps) + 1e-9));
        }
}

namespace {

/// Share of the training time that a run of 4,000 planned steps of one second spent on evaluations.
double spent_share(ifstop::Plan plan, FakeRun& run, std::string& sentence) {
  ifstop::IfsOptions options;
  options.every = "32", options.early_stopping = false;
  auto callback = run.callback(options, "default", 10);
  callback.on_run_begin({.plan = plan});
  while (run.step < plan.steps) {
    run.step += 1, run.now += 1;
    callback.on_step_end({.step = run.step, .examples = 8 * run.step});
  }
  sentence = callback.schedule();
  return static_cast<double>(callback.curve().size()) * run.seconds_eval / static_cast<double>(plan.steps);
}

}  // namespace

CATCH_TEST_CASE("the callback keeps to its budget, with a planned time or a measured one") {
  FakeRun measured, planned;
  std::string said_measured, said_planned;
  CATCH_CHECK(spent_share({.steps = 4000}, measured, said_measured) <= .03);
  CATCH_CHECK(spent_share({.steps = 4000, .seconds = 4000}, planned, said_planned) <= .03);
  CATCH_CHECK(measured.requests.size() == 60);  // 3 % of 4,000 s at 2 s each: all of it is used
  CATCH_CHECK(planned.requests.size() == 60);
  CATCH_CHECK(
      said_planned.starts_with("60 evaluations of about 2 s each take 3 % of the planned 4000 s of training "
                               "(limit 3 %): at step 0, 32,"));
  CATCH_CHECK(said_measured.starts_with("60 evaluations of about 2 s each"));
}

CATCH_TEST_CASE("an interval in examples needs to know how many there are") {
  FakeRun run;
  auto callback = run.callback({});
  CATCH_CHECK_THROWS_WITH(callback.on_run_begin({.plan = {.steps = 10}}),
                          "every = 256 examples with max_overhead needs Plan::examples");
  CATCH_CHECK(run.requests.empty());  // it is said before anything is generated or trained
}
