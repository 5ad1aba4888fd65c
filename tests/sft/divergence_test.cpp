#include "ifstop/sft/divergence.hpp"

#include <limits>

#include "support/catch.hpp"

using ifstop::sft::check_finite;

CATCH_TEST_CASE("a loss or gradient norm that is no number stops the run with a sentence") {
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               infinity = std::numeric_limits<double>::infinity();
  CATCH_CHECK_NOTHROW(check_finite(2.5, 0.3, 7));
  CATCH_CHECK_THROWS_WITH(
      check_finite(nan, 1, 7),
      "training diverged at step 7: the loss is not a number. Try a smaller learning_rate, a longer "
      "warm-up (warmup_steps) or a smaller max_grad_norm; the weights of the last checkpoint are "
      "untouched");
  CATCH_CHECK_THROWS_WITH(check_finite(1, infinity, 8),
                          Catch::Contains("at step 8: the gradient norm is infinite"));
}
