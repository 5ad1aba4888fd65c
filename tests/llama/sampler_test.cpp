#include "llama/sampler.hpp"

#include <cmath>
#include <limits>
#include <map>

#include "llama/counter_random.hpp"
#include "support/catch.hpp"

using ifstop::llama::sample_row;
using ifstop::llama::uniform;

CATCH_TEST_CASE("counted random numbers: uniform, and the same for ever", "[sampler]") {
  CATCH_CHECK(uniform(1, 2) == uniform(1, 2));
  double sum = 0, squares = 0, lag = 0;
  constexpr int count = 20000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double u = uniform(i % 10, i / 10), next = uniform(i % 10, i / 10 + 1);
    CATCH_REQUIRE((u >= 0 && u < 1));
    sum += u;
    squares += u * u;
    lag += (u - 0.5) * (next - 0.5);
  }
  CATCH_CHECK(sum / count == Approx(0.5).margin(0.01));
  CATCH_CHECK(squares / count == Approx(1.0 / 3).margin(0.01));
  CATCH_CHECK(lag / count == Approx(0.0).margin(0.005));
}

CATCH_TEST_CASE("a draw walks through the probabilities in order", "[sampler]") {
  const std::vector<float> p{0.25F, 0.5F, 0.0F, 0.25F};
  CATCH_CHECK(sample_row(p, 1.0, 0.0) == 0);
  CATCH_CHECK(sample_row(p, 1.0, 0.2499) == 0);
  CATCH_CHECK(sample_row(p, 1.0, 0.25) == 1);
  CATCH_CHECK(sample_row(p, 1.0, 0.7499) == 1);
  CATCH_CHECK(sample_row(p, 1.0, 0.75) == 3);  // never 2, which is impossible
  CATCH_CHECK(sample_row(p, 1.0, std::nextafter(1.0, 0.0)) == 3);
}

CATCH_TEST_CASE("the nucleus is the smallest set that holds the mass", "[sampler]") {
  const std::vector<float> p{0.1F, 0.4F, 0.2F, 0.3F};
  const auto possible = [&](double top_p) {
    std::map<std::int64_t, int> seen;
    for (int i = 0; i < 1000; ++i) ++seen[sample_row(p, top_p, i / 1000.0)];
    return seen;
  };
  CATCH_CHECK(possible(0.3) == std::map<std::int64_t, int>{{1, 1000}});
  CATCH_CHECK(possible(0.41).size() == 2);  // 0.4 is not enough
  CATCH_CHECK(possible(0.69).count(2) == 0);
  CATCH_CHECK(possible(0.71).count(2) == 1);
  CATCH_CHECK(possible(0.95).size() == 4);
  const auto two = possible(0.6);  // renormalised: 4 to 3
  CATCH_CHECK(two.at(1) == Approx(571).margin(2));
  const std::vector<float> even(8, 0.125F);  // of equals, the first
  CATCH_CHECK(sample_row(even, 0.25, 0.99) == 1);
}

CATCH_TEST_CASE("what is no probability still gives a token", "[sampler]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const double top_p : {0.5, 1.0}) {
    const auto id = sample_row(std::vector<float>(4, nan), top_p, 0.5);
    CATCH_CHECK((id >= 0 && id < 4));
  }
  CATCH_CHECK(sample_row(std::vector<float>{1.0F}, 0.5, 0.9) == 0);
}

CATCH_TEST_CASE("greedy takes the first of the largest, in every type", "[sampler]") {
  auto logits = at::zeros({3, 37});
  logits[0][5] = 2;
  logits[0][36] = 2;
  logits[1][36] = 1;
  for (const auto dtype : {at::kFloat, at::kDouble, at::kBFloat16})
    CATCH_CHECK(ifstop::llama::most_likely(logits.to(dtype)) == std::vector<std::int64_t>{5, 36, 0});
  logits.fill_(std::numeric_limits<double>::quiet_NaN());
  CATCH_CHECK(ifstop::llama::most_likely(logits) == std::vector<std::int64_t>{0, 0, 0});
}

CATCH_TEST_CASE("temperature sharpens and flattens", "[sampler]") {
  const auto logits = at::tensor({0.0, 1.0}).to(at::kFloat).expand({4000, 2}).contiguous();
  std::vector<ifstop::llama::Draw> draws;
  for (std::uint64_t i = 0; i < 4000; ++i) draws.push_back({9, i});
  for (const double temperature : {0.5, 1.0, 4.0}) {
    double ones = 0;
    for (const auto id : ifstop::llama::sample(logits, temperature, 1.0, draws))
      ones += static_cast<double>(id);
    CATCH_CHECK(ones / 4000 == Approx(1 / (1 + std::exp(-1 / temperature))).margin(0.03));
  }
}
