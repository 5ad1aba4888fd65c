#include "ifstop/score/clusters.hpp"

#include <cstdint>
#include <vector>

#include "support/catch.hpp"

using ifstop::group_sums;
using ifstop::GroupSums;

namespace {

/// So many pairs with two, one, no success.
double effect(int both, int one, int none) {
  GroupSums sums;
  sums.add(2, 2, 2, both);
  sums.add(2, 1, 1, one);
  sums.add(2, 0, 0, none);
  return sums.design_effect();
}

}  // namespace

CATCH_TEST_CASE("pairs: twice the variance where they always agree, none more where they do not") {
  CATCH_CHECK(effect(500, 0, 500) == Approx(2));
  CATCH_CHECK(effect(250, 500, 250) == Approx(1).margin(0.002));     // independent
  CATCH_CHECK(effect(335, 330, 335) == Approx(1.34).margin(0.002));  // correlation 1 - 330 / 500
  CATCH_CHECK(effect(0, 1000, 0) == 0.7);                            // opposed: believed that far only
}

CATCH_TEST_CASE("where all values agree, or few are there, groups count as one value each") {
  CATCH_CHECK(effect(10, 0, 0) == 2);
  CATCH_CHECK(effect(0, 0, 1) == 2);
  CATCH_CHECK(effect(1, 0, 1) == Approx(2));
  CATCH_CHECK(effect(9, 1, 0) > 1.3);
  GroupSums fives;
  fives.add(5, 5, 5, 4);
  CATCH_CHECK(fives.design_effect() == 5);
}

CATCH_TEST_CASE("groups of one are independent, whatever their values") {
  GroupSums sums;
  CATCH_CHECK(sums.design_effect() == 1);
  sums.add(1, 1, 1);
  sums.add(1, 0, 0, 7);
  CATCH_CHECK(sums.design_effect() == 1);
  CATCH_CHECK(sums.count() == 8);
  CATCH_CHECK(sums.sum() == 1);
}

CATCH_TEST_CASE("pairs beside groups of one dilute the effect") {
  GroupSums sums;
  sums.add(2, 2, 2, 250), sums.add(2, 0, 0, 250);  // 1,000 values worth 500
  sums.add(1, 1, 1, 500), sums.add(1, 0, 0, 500);  // and 1,000 worth as many
  CATCH_CHECK(sums.design_effect() == Approx(1.5));
}

CATCH_TEST_CASE("differences of -1, 0 and 1 work alike") {
  GroupSums same, opposite;
  same.add(2, 2, 2, 100), same.add(2, -2, 2, 100), same.add(2, 0, 0, 100);
  opposite.add(2, 0, 2, 100), opposite.add(2, 0, 0, 100);
  CATCH_CHECK(same.design_effect() == Approx(2));
  CATCH_CHECK(opposite.design_effect() == 0.7);
}

CATCH_TEST_CASE("sums from values and the names of their groups, in any order") {
  const std::vector<std::uint8_t> values{1, 0, 1, 1, 0};
  const std::vector<int> groups{7, 3, 3, 7, 9};
  const auto sums = group_sums(std::span<const std::uint8_t>(values), std::span<const int>(groups));
  GroupSums expected;
  expected.add(2, 2, 2), expected.add(2, 1, 1), expected.add(1, 0, 0);
  CATCH_CHECK(sums.design_effect() == expected.design_effect());
  CATCH_CHECK(sums.count() == 5);
  CATCH_CHECK(sums.sum() == 3);
}
