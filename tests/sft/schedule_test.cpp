#include "ifstop/sft/schedule.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace ifstop::sft;

CATCH_TEST_CASE(
    "rates follow transformers' get_linear_schedule_with_warmup and get_cosine_schedule_with_warmup") {
  // Reference: transformers 4, LambdaLR with num_warmup_steps = 4, num_training_steps = 12, base rate 1.
  const Schedule linear({.learning_rate = 1, .decay = Decay::linear, .warmup_steps = 4, .total_steps = 12});
  const Schedule cosine({.learning_rate = 1, .decay = Decay::cosine, .warmup_steps = 4, .total_steps = 12});
  const double expected[][3] = {{0, 0, 0},   {2, .5, .5},
                                {4, 1, 1},   {6, .75, .8535533905932737},
                                {8, .5, .5}, {11, .125, .03806023374435663}};
  for (const auto& [step, on_line, on_cosine] : expected) {
    CATCH_CHECK(linear(static_cast<std::int64_t>(step)) == Approx(on_line));
    CATCH_CHECK(cosine(static_cast<std::int64_t>(step)) == Approx(on_cosine));
  }
  CATCH_CHECK(linear(12) == 0);
  CATCH_CHECK(cosine(500) == 0);  // past the end nothing is learnt, and nothing becomes negative
}

CATCH_TEST_CASE("a constant rate needs no planned length, and never changes after the warm-up") {
  const Schedule constant({.learning_rate = 5e-5, .decay = Decay::constant, .warmup_steps = 20});
  CATCH_CHECK(constant(10) == Approx(2.5e-5));
  CATCH_CHECK(constant(20) == 5e-5);
  CATCH_CHECK(constant(1'000'000) == 5e-5);
}

CATCH_TEST_CASE("warmup_ratio is a share of the planned steps, rounded up; warmup_steps wins over it") {
  CATCH_CHECK(Schedule({.warmup_ratio = .03, .total_steps = 1001}).warmup_steps() == 31);
  CATCH_CHECK(Schedule({.warmup_steps = 7, .warmup_ratio = .5, .total_steps = 100}).warmup_steps() == 7);
  CATCH_CHECK(Schedule({.total_steps = 100})(0) == 5e-5);  // no warm-up: full rate from the first step
}

CATCH_TEST_CASE("a warm-up as long as the run ends at rate 0, not at a division by zero") {
  const Schedule schedule({.learning_rate = 1, .warmup_steps = 10, .total_steps = 10});
  CATCH_CHECK(schedule(9) == Approx(.9));
  CATCH_CHECK(schedule(10) == 0);
}

CATCH_TEST_CASE("schedule: bad options are refused with field and value") {
  const auto make = [](ScheduleOptions options) { return Schedule(options); };
  CATCH_CHECK_THROWS_WITH(make({.learning_rate = 0, .total_steps = 9}),
                          "learning_rate = 0: must be above 0 and finite");
  CATCH_CHECK_THROWS_WITH(make({.learning_rate = std::numeric_limits<double>::quiet_NaN(), .total_steps = 9}),
                          "learning_rate = nan: must be above 0 and finite");
  CATCH_CHECK_THROWS_WITH(make({.warmup_steps = -1, .total_steps = 9}),
                          "warmup_steps = -1: must be 0 or more");
  CATCH_CHECK_THROWS_WITH(make({.warmup_ratio = 1.5, .total_steps = 9}),
                          "warmup_ratio = 1.5: must be between 0 and 1");
  CATCH_CHECK_THROWS_WITH(make({}), "total_steps = 0: must be 1 or more");
  CATCH_CHECK_THROWS_WITH(
      decay_from("polynomial"),
      "lr_scheduler_type \"polynomial\" is none of constant, constant_with_warmup, linear, cosine");
  CATCH_CHECK(decay_from("constant_with_warmup") == Decay::constant);
}
