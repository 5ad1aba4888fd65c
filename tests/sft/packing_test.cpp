#include "ifstop/sft/packing.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace ifstop::sft;

namespace {

/// An example of `size` tokens, all of them `id`, whose last two are learnt.
TokenizedExample example(std::int32_t id, std::size_t size) {
  TokenizedExample one{std::vector<std::int32_t>(size, id), std::vector<std::int32_t>(size, ignored_target)};
  std::fill(one.targets.end() - 2, one.targets.end(), id);
  return one;
}

std::vector<TokenizedExample> examples(const std::vector<std::size_t>& sizes) {
  std::vector<TokenizedExample> all;
  for (const std::size_t size : sizes) all.push_back(example(static_cast<std::int32_t>(all.size()), size));
  return all;
}

}  // namespace

CATCH_TEST_CASE("a batch lays its examples end to end, each a segment of its own") {
  const auto data = examples({3, 5, 2});
  const TrainingBatch batch = pack(data, {2, 0});
  CATCH_CHECK(batch.packed.tokens == std::vector<std::int64_t>{2, 2, 0, 0, 0});
  CATCH_CHECK(batch.packed.lengths == std::vector<std::int64_t>{2, 3});
  CATCH_CHECK(batch.packed.targets == std::vector<std::int64_t>{2, 2, -100, 0, 0});
  CATCH_CHECK(batch.examples == 2);
  CATCH_CHECK(batch.answer_tokens == 4);
}

CATCH_TEST_CASE("counting examples: every epoch deals each example once, the last batch may be smaller") {
  const auto data = examples(std::vector<std::size_t>(10, 4));
  const Batcher batches(data, {.batch_examples = 4, .seed = 1});
  for (const int epoch : {0, 1}) {
    std::vector<std::size_t> dealt;
    const auto plan = batches.plan(epoch);
    CATCH_CHECK(plan.size() == 3);
    for (const auto& batch : plan) dealt.insert(dealt.end(), batch.begin(), batch.end());
    std::sort(dealt.begin(), dealt.end());
    CATCH_CHECK(dealt == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
  CATCH_CHECK(batches.plan(0) != batches.plan(1));
}

CATCH_TEST_CASE("packing: first fit, nothing above the limit, nothing lost") {
  const auto data = examples({6, 5, 4, 3, 2});
  const Batcher batches(data, {.max_tokens = 10, .shuffle = false});
  // 6 opens the first; 5 opens the second; 4 fits the first (full); 3 and 2 fit the second (full).
  CATCH_CHECK(batches.plan(0) == std::vector<std::vector<std::size_t>>{{0, 2}, {1, 3, 4}});
}

CATCH_TEST_CASE("packing keeps a bounded number of batches open") {
  const auto data = examples(std::vector<std::size_t>(Batcher::open_batches + 1, 9));
  auto with_gap = data;
  with_gap.push_back(example(1000, 2));
  with_gap[0] =
      example(0, 2);  // leaves room in the first batch, which is closed by the time the last example comes
  const Batcher batches(with_gap, {.max_tokens = 10, .shuffle = false});
  const auto plan = batches.plan(0);
  CATCH_CHECK(plan.front() == std::vector<std::size_t>{0});
  CATCH_CHECK(plan.back() == std::vector<std::size_t>{Batcher::open_batches + 1});
}

CATCH_TEST_CASE(
    "a saved position goes on with exactly the batches that were left, over the end of an epoch") {
  const auto data = examples({3, 4, 5, 6, 7, 8, 9});
  const BatchOptions options{.batch_examples = 2, .seed = 5};
  Batcher whole(data, options);
  for (int i = 0; i < 3; ++i) whole.next();
  const DataPosition saved = whole.position();
  Batcher resumed(data, options);
  resumed.seek(saved);
  for (int i = 0; i < 6; ++i) CATCH_CHECK(resumed.next().packed.tokens == whole.next().packed.tokens);
  CATCH_CHECK(whole.position().epoch == 2);
  CATCH_CHECK(resumed.position() == whole.position());
}

CATCH_TEST_CASE("the length of a run counts the smaller last batch and step") {
  const auto data = examples(std::vector<std::size_t>(10, 4));
  const Batcher batches(data, {.batch_examples = 4});  // 3 batches an epoch: 4 + 4 + 2 examples
  CATCH_CHECK(run_length(batches, 1, 0, 2).steps == 2);
  CATCH_CHECK(run_length(batches, 1, 0, 2).examples == 10);
  CATCH_CHECK(run_length(batches, 2, 0, 1).steps == 6);
  CATCH_CHECK(run_length(batches, 1.5, 0, 1).steps == 5);  // half of three batches, rounded up
  CATCH_CHECK(run_length(batches, 1.5, 0, 1).examples == 18);
  CATCH_CHECK(run_length(batches, 1, 4, 1).steps == 4);  // max_steps wins over epochs
  CATCH_CHECK(run_length(batches, 1, 4, 1).examples == 14);
}

CATCH_TEST_CASE("packing: bad options are refused with field and value") {
  const auto data = examples({3, 12});
  const std::vector<TokenizedExample> none;
  CATCH_CHECK_THROWS_WITH(Batcher(none, {}), "no training example: there is nothing to make batches of");
  CATCH_CHECK_THROWS_WITH(Batcher(data, {.batch_examples = 0}), "batch_examples = 0: must be 1 or more");
  CATCH_CHECK_THROWS_WITH(Batcher(data, {.max_tokens = -1}),
                          "max_tokens = -1: must be 0 (count examples) or more");
  CATCH_CHECK_THROWS_WITH(Batcher(data, {.max_tokens = 10}),
                          "max_tokens = 10: example 2 has 12 tokens; raise it or lower max_seq_length");
  Batcher batches(data, {.batch_examples = 1});
  CATCH_CHECK_THROWS_WITH(batches.seek({0, 3}),
                          Catch::Contains("data position epoch 0, batch 3: an epoch has 2 batches"));
  CATCH_CHECK_THROWS_WITH(run_length(batches, 0, 0, 1),
                          "num_train_epochs = 0: must be above 0 and below a million");
  CATCH_CHECK_THROWS_WITH(run_length(batches, 1, -1, 1),
                          "max_steps = -1: must be 0 (num_train_epochs) or more");
  CATCH_CHECK_THROWS_WITH(run_length(batches, 1, 0, 0), "gradient_accumulation_steps = 0: must be 1 or more");
}
