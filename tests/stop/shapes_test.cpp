#include "ifstop/stop/shapes.hpp"

#include <cmath>

#include "support/catch.hpp"

using ifstop::ShapeGrid;

CATCH_TEST_CASE("every shape is 0 at the start; its best is never below its value") {
  const auto& grid = ShapeGrid::instance();
  Eigen::ArrayXd now, later, best;
  grid.values(0, now);
  CATCH_CHECK((now == 0).all());
  for (const double x : {0., 1., 300., 7000., 1e9}) {
    const double end = 3 * x + 100;
    grid.values(x, now), grid.values(end, later), grid.best(x, end, best);
    CATCH_CHECK((best >= now).all());
    CATCH_CHECK((best >= later).all());
    CATCH_CHECK((best <= 1.0001).all());
    for (Eigen::Index i = 0; i < grid.size(); i += 17) CATCH_CHECK(grid.value(i, x) == now[i]);
  }
}

CATCH_TEST_CASE("prior probabilities sum to 1") {
  CATCH_CHECK(std::abs(ShapeGrid::instance().log_prior().exp().sum() - 1) < 1e-12);
}

CATCH_TEST_CASE("the best value ahead is the largest that is met on the way") {
  const auto& grid = ShapeGrid::instance();
  Eigen::ArrayXd best, at, met;
  grid.best(500, 20000, best);
  grid.values(500, met);
  for (double x = 500; x <= 20000; x *= 1.005) grid.values(x, at), met = met.max(at);
  grid.values(20000, at);
  CATCH_CHECK((best - met.max(at)).abs().maxCoeff() < 1e-3);
}
