#include "ifstop/sft/random.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace ifstop::sft;

CATCH_TEST_CASE("the generator gives SplitMix64's published numbers on every machine") {
  Random random(1234567);
  CATCH_CHECK(random.next() == 6457827717110365317ULL);
  CATCH_CHECK(random.next() == 3203168211198807973ULL);
}

CATCH_TEST_CASE(
    "an epoch's order holds every example once and repeats; another epoch or seed gives another") {
  const auto order = shuffled(100, 7, 0);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < 100; ++i) CATCH_CHECK(sorted[i] == i);
  CATCH_CHECK(order == shuffled(100, 7, 0));
  CATCH_CHECK(order != shuffled(100, 7, 1));
  CATCH_CHECK(order != shuffled(100, 8, 0));
  CATCH_CHECK(shuffled(0, 7, 0).empty());
}

CATCH_TEST_CASE("numbers below a bound reach all of it, evenly") {
  Random random(3);
  std::vector<int> seen(6);
  for (int i = 0; i < 6000; ++i) ++seen[random.below(6)];
  for (const int count : seen) CATCH_CHECK(std::abs(count - 1000) < 150);
}
