#include "ifstop/score/tally.hpp"

#include <cmath>

#include "support/catch.hpp"

CATCH_TEST_CASE("a tally's value is successes over trials, NaN where nothing was measured") {
  CATCH_CHECK(ifstop::Tally{3, 4, {}}.value() == 0.75);
  CATCH_CHECK(std::isnan(ifstop::Tally{}.value()));
}
