#include "ifstop/score/linear_judge.hpp"

#include <array>
#include <cmath>
#include <string>

#include "ifstop/score/builtin_judges.hpp"
#include "support/catch.hpp"

namespace {

using namespace ifstop;

LinearWeights some_weights() {
  LinearWeights w;
  w.info = {"test", "7", 0.25, 0.9, std::nan(""), 0.5};
  w.bias = -1;
  w.weights[3] = -128;
  w.weights.back() = 127;
  return w;
}

std::string with_checksum(std::string bytes) {
  bytes.resize(bytes.size() - 8);
  weights_detail::put(bytes, weights_detail::fnv1a(bytes));
  return bytes;
}

}  // namespace

CATCH_TEST_CASE("weights come back as they were written") {
  const auto bytes = to_bytes(some_weights());
  const auto back = weights_from_bytes(bytes);
  CATCH_CHECK(back.info.name == "test");
  CATCH_CHECK(back.info.threshold == 0.25);
  CATCH_CHECK(std::isnan(back.info.sensitivity));  // not measured
  CATCH_CHECK(back.weights == some_weights().weights);
  CATCH_CHECK(to_bytes(back) == bytes);
  CATCH_CHECK(bytes.size() <= 512 * 1024);
}

CATCH_TEST_CASE("weights cut off anywhere are refused") {
  const auto bytes = to_bytes(some_weights());
  for (std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{21}, std::size_t{60}, bytes.size() - 1})
    CATCH_CHECK_THROWS_WITH(weights_from_bytes(bytes.substr(0, size), "w.bin"),
                            Catch::Contains("w.bin ends too early"));
  CATCH_CHECK_THROWS_WITH(weights_from_bytes(bytes + "x"), Catch::Contains("bytes after its end"));
}

CATCH_TEST_CASE("weights of format 1 are read, without the numbers of rows behind their quality") {
  auto weights = some_weights();
  weights.info.positives = 25;
  weights.info.negatives = 400;
  auto bytes = to_bytes(weights);
  CATCH_CHECK(weights_from_bytes(bytes).info.positives == 25);
  CATCH_CHECK(weights_from_bytes(bytes).info.negatives == 400);
  bytes[8] = 1;
  const auto counts = 8 + 3 * 4 + 4 + weights.info.name.size() + 4 + weights.info.version.size() + 7 * 8;
  const auto old = weights_from_bytes(with_checksum(bytes.erase(counts, 8)));
  CATCH_CHECK(old.info.positives == 0);
  CATCH_CHECK(old.info.auc == weights.info.auc);
  CATCH_CHECK(old.weights == weights.weights);
}

CATCH_TEST_CASE("altered weights are refused, each with its reason") {
  auto bytes = to_bytes(some_weights());
  bytes[bytes.size() / 2] ^= 1;
  CATCH_CHECK_THROWS_WITH(weights_from_bytes(bytes), Catch::Contains("its checksum is wrong"));
  auto other = to_bytes(some_weights());
  other[0] = 'x';
  CATCH_CHECK_THROWS_WITH(weights_from_bytes(other), Catch::Contains("is no file of judge weights"));
  other = to_bytes(some_weights());
  other[8] = 9;
  CATCH_CHECK_THROWS_WITH(weights_from_bytes(with_checksum(other)), Catch::Contains("has format 9"));
  other = to_bytes(some_weights());
  other[12] = 9;
  CATCH_CHECK_THROWS_WITH(weights_from_bytes(with_checksum(other)), Catch::Contains("feature layout 9"));
  auto bad = some_weights();
  bad.info.threshold = 2;
  CATCH_CHECK_THROWS_WITH(weights_from_bytes(to_bytes(bad)), Catch::Contains("has threshold 2"));
  bad = some_weights();
  bad.bias = std::nan("");
  CATCH_CHECK_THROWS_WITH(weights_from_bytes(to_bytes(bad)), Catch::Contains("has bias nan"));
}

CATCH_TEST_CASE("features stay within their buckets, whatever the bytes") {
  FeatureExtractor features;
  for (const char* text : {"", " ", "\xff\xfe", "1.", "?", "What? Why? How?", "Paris\n\n\n.", "\xc3"}) {
    for (const auto& f : features({text, text})) CATCH_REQUIRE(f.bucket < FeatureLayout::size);
    CATCH_CHECK(features.used_cross() <= FeatureLayout::cross);
  }
}

CATCH_TEST_CASE("a response is judged by what stands before its first new turn") {
  const auto& judge = builtin_tone_judge();
  const std::array<JudgePair, 2> pairs{
      {{"What is the capital of France?", "Paris is the capital of France.\n"},
       {"What is the capital of France?", "Paris is the capital of France.\nUser: Why?"}}};
  const auto p = judge.probabilities(pairs);
  CATCH_CHECK(p[0] == p[1]);
}

CATCH_TEST_CASE("the built-in tone judge tells answers from continuations") {
  const auto& judge = builtin_tone_judge();
  const std::array<JudgePair, 5> pairs{
      {{"What is the capital of France?", "The capital of France is Paris."},
       {"Explain how rain forms.",
        "Rain forms when water vapour cools, condenses into droplets, and the droplets become heavy."},
       {"What is the capital of France?", "\nWhat is the capital of Spain?\nWhat is the capital of Italy?"},
       {"Explain how rain forms",
        " and why it is important for farmers. Use simple language and give two examples."},
       {"What is the capital of France?", ""}}};
  const auto p = judge.probabilities(pairs);
  for (std::size_t i = 0; i < p.size(); ++i) CATCH_CHECK((p[i] >= judge.info().threshold) == (i < 2));
}

CATCH_TEST_CASE("the built-in objectivity judge tells a range from a side") {
  const auto& judge = builtin_objectivity_judge();
  const std::array<JudgePair, 4> pairs{
      {{"Tea or coffee?", "It depends on your taste. Some people prefer tea, while others prefer coffee."},
       {"Are cats or dogs the ultimate pet?",
        "As an AI, I don't have personal preferences. Both have advantages."},
       {"Tea or coffee?", "Coffee! I love it, and tea is boring."},
       {"Are cats or dogs the ultimate pet?", "Dogs are the best pets, no question."}}};
  const auto p = judge.probabilities(pairs);
  for (std::size_t i = 0; i < p.size(); ++i) CATCH_CHECK((p[i] >= judge.info().threshold) == (i < 2));
}
