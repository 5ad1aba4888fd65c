// The tiny base model as its own judge, trained on the demo's instruction data.
#include "ifstop/judges/self_judge.hpp"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/source_dir.hpp"

using namespace ifstop;

namespace {

const std::filesystem::path miniature = ifstop_test::source_dir() / "assets/miniature";

std::vector<InstructionPair> some_data(std::size_t count) {
  std::ifstream file(miniature / "sft.json");
  std::vector<InstructionPair> data;
  for (const auto& row : nlohmann::json::parse(file)) {
    data.push_back({row["instruction"], row["output"]});
    if (data.size() == count) break;
  }
  return data;
}

SelfJudge trained(const SelfJudgeOptions& options, std::size_t count) {
  return SelfJudge::train(Llama::load(miniature / "base"), Tokenizer::load(miniature / "base"),
                          some_data(count), options);
}

}  // namespace

CATCH_TEST_CASE("the tiny base model tells answers from continuations it was not trained on", "[judges]") {
  const auto judge = trained({.max_pairs = 80}, 200);
  CATCH_CHECK(judge.info().auc > 0.95);
  CATCH_CHECK(judge.info().sensitivity > 0.85);
  CATCH_CHECK(judge.info().specificity > 0.85);
  const std::array<JudgePair, 5> pairs{{{"Name the capital of Chile.", " The capital of Chile is Santiago."},
                                        {"Where does a whale", " A whale lives in the ocean."},
                                        {"Name the capital of Chile.", "\nName the capital of Norway."},
                                        {"Where does a whale", " live?"},
                                        {"", ""}}};
  const auto p = judge.probabilities(pairs);
  CATCH_REQUIRE(p.size() == pairs.size());
  for (std::size_t answer : {0U, 1U})
    for (std::size_t other : {2U, 3U}) CATCH_CHECK(p[answer] > p[other]);
  CATCH_CHECK(trained({.max_pairs = 80}, 200).probabilities(pairs) == p);  // the same seed, the same judge
}

CATCH_TEST_CASE("impossible options and too little data are refused by name", "[judges]") {
  CATCH_CHECK_THROWS_WITH(trained({.max_pairs = 3}, 30),
                          Catch::Contains("SelfJudgeOptions::max_pairs is 3; it must be at least 20"));
  CATCH_CHECK_THROWS_WITH(trained({.response_tokens = 0}, 30), Catch::Contains("response_tokens is 0"));
  CATCH_CHECK_THROWS_WITH(trained({.l2 = -1}, 30), Catch::Contains("l2 is -1"));
  CATCH_CHECK_THROWS_WITH(trained({}, 19), Catch::Contains("has 19 pairs that can be cut"));
}
