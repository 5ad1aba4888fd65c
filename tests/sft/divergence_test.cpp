#include "ifstop/sft/divergence.hpp"

#include <limits>

#include "support/catch.hpp"

using ifstop::sft::divergence;

CATCH_TEST_CASE("a loss or gradient norm that is no number is told in a sentence") {
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               infinity = std::numeric_limits<double>::infinity();
  CATCH_CHECK_FALSE(divergence(2.5, 0.3, 7));
  CATCH_CHECK(
      divergence(nan, 1, 7).value() ==
      "training diverged at step 7: the loss is not a number. Try a smaller learning_rate, a longer warm-up "
      "(warmup_steps) or a smaller max_grad_norm; the weights of the last checkpoint are untouched");
  CATCH_CHECK_THAT(divergence(1, infinity, 8).value(),
                   Catch::Contains("at step 8: the gradient norm is infinite"));
  CATCH_CHECK_THAT(divergence(-infinity, nan, 9).value(), Catch::Contains("the loss is infinite"));
}
