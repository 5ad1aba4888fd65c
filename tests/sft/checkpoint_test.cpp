#include "ifstop/sft/checkpoint.hpp"

#include <torch/torch.h>

#include <fstream>

#include "ifstop/llama/companion_files.hpp"
#include "ifstop/llama/model.hpp"
#include "ifstop/sft/loss.hpp"
#include "ifstop/sft/optimizer.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::sft;
namespace fs = std::filesystem;

namespace {

LlamaConfig small() {
  LlamaConfig config;
  config.vocab_size = 31;
  config.hidden_size = 16;
  config.intermediate_size = 24;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  return config;
}

std::vector<TokenizedExample> data() {
  std::vector<TokenizedExample> all;
  for (std::int32_t i = 0; i < 9; ++i)
    all.push_back({{1, 5 + i, 6 + i, 7 + i}, {ignored_target, 6 + i, 7 + i, 2}});
  return all;
}

void train(Llama& model, AdamW& optimizer, Batcher& batches, int steps) {
  for (int i = 0; i < steps; ++i) {
    answer_loss(model, batches.next().packed).backward();
    optimizer.clip(1.0);
    optimizer.step(1e-2);
  }
}

void touch_checkpoint(const fs::path& folder) {
  fs::create_directories(folder);
  std::ofstream(folder / "training_state.json") << "{}";
}

}  // namespace

CATCH_TEST_CASE("a run that goes on from a checkpoint is the same to the last bit") {
  const ifstop_test::TempFolder folder;
  const auto examples = data();
  const BatchOptions options{.batch_examples = 2, .seed = 3};
  Llama whole(small(), {}, 1);
  AdamW optimizer(whole.named_parameters());
  Batcher batches(examples, options);
  train(whole, optimizer, batches, 6);
  torch::rand({3});
  folder.write("base/tokenizer.model", "pieces");
  folder.write("base/chat_template.jinja", "turns");
  const CompanionFiles companions = read_companion_files(folder.path() / "base");
  fs::remove_all(folder.path() / "base");  // a checkpoint that was gone on from may be pruned
  const TrainingState state{.step = 6,
                            .examples = 11,
                            .tokens = 44,
                            .seconds = 1.5,
                            .data = batches.position(),
                            .stopper = "line one\nline \"two\"\n",
                            .planned = false,
                            .data_options = "seed 3"};
  save_checkpoint(folder.path() / "step-6", whole, optimizer, state, companions,
                  [](const fs::path& into) { std::ofstream(into / "trainer_state.json") << "{}"; });
  const at::Tensor drawn = torch::rand({3});
  train(whole, optimizer, batches, 6);

  const fs::path saved = folder.path() / "step-6";
  CATCH_CHECK(ifstop_test::read_file(saved / "tokenizer.model") == "pieces");
  CATCH_CHECK(ifstop_test::read_file(saved / "chat_template.jinja") == "turns");
  CATCH_CHECK(fs::exists(saved / "trainer_state.json"));
  Llama resumed = Llama::load(saved);
  AdamW other(resumed.named_parameters());
  const TrainingState read = read_training_state(saved);
  load_optimizer(saved, other);
  CATCH_CHECK(at::equal(torch::rand({3}), drawn));
  CATCH_CHECK(read.step == 6);
  CATCH_CHECK(read.examples == 11);
  CATCH_CHECK(read.tokens == 44);
  CATCH_CHECK(read.seconds == 1.5);
  CATCH_CHECK(read.stopper == state.stopper);
  CATCH_CHECK_FALSE(read.planned);
  CATCH_CHECK(read.data_options == "seed 3");
  Batcher rest(examples, options);
  rest.seek(read.data);
  train(resumed, other, rest, 6);
  const auto ours = resumed.parameters(), theirs = whole.parameters();
  for (std::size_t i = 0; i < ours.size(); ++i) CATCH_CHECK(at::equal(ours[i], theirs[i]));
}

CATCH_TEST_CASE("a folder whose filling fails leaves nothing, and the old one as it was") {
  const ifstop_test::TempFolder folder;
  const fs::path target = folder.path() / "checkpoints" / "step-1";
  write_folder(target, [](const fs::path& into) { std::ofstream(into / "a") << "old"; });
  CATCH_CHECK_THROWS_WITH(write_folder(target,
                                       [](const fs::path& into) {
                                         std::ofstream(into / "a") << "half";
                                         throw std::runtime_error("disk full");
                                       }),
                          "disk full");
  CATCH_CHECK(ifstop_test::read_file(target / "a") == "old");
  write_folder(target, [](const fs::path& into) { std::ofstream(into / "b") << "new"; });
  CATCH_CHECK_FALSE(fs::exists(target / "a"));
  CATCH_CHECK(ifstop_test::read_file(target / "b") == "new");
  CATCH_CHECK(std::distance(fs::directory_iterator(target.parent_path()), {}) ==
              1);  // nothing temporary stays
}

CATCH_TEST_CASE("pruning deletes the oldest, never a kept one and never the newest") {
  const ifstop_test::TempFolder folder;
  for (const int step : {5, 10, 100, 20}) touch_checkpoint(checkpoint_path(folder.path(), step));
  fs::create_directories(folder.path() / ".step-7.tmp-1");  // an interrupted save
  fs::create_directories(folder.path() / "step-900");       // no whole checkpoint
  fs::create_directories(folder.path() / "step-x");
  CATCH_CHECK(saved_steps(folder.path()) == std::vector<std::int64_t>{5, 10, 20, 100});
  prune_checkpoints(folder.path(), 0, {});
  CATCH_CHECK(saved_steps(folder.path()).size() == 4);
  CATCH_CHECK_FALSE(fs::exists(folder.path() / ".step-7.tmp-1"));
  prune_checkpoints(folder.path(), 2, {5});
  CATCH_CHECK(saved_steps(folder.path()) == std::vector<std::int64_t>{5, 100});
  prune_checkpoints(folder.path(), 1, {5});
  CATCH_CHECK(saved_steps(folder.path()) == std::vector<std::int64_t>{5, 100});
  CATCH_CHECK(saved_steps(folder.path() / "absent").empty());
}

CATCH_TEST_CASE("a state that is missing or malformed is named with its file") {
  const ifstop_test::TempFolder folder;
  CATCH_CHECK_THROWS_WITH(
      read_training_state(folder.path()),
      Catch::Contains("training_state.json: cannot be read; is this a checkpoint of sft_llama?"));
  folder.write("training_state.json", "{\"schema_version\": 1, \"step\": 3}");
  CATCH_CHECK_THROWS_WITH(read_training_state(folder.path()), Catch::Contains("'examples' not found"));
  folder.write("training_state.json", "{\"schema_version\": 2}");
  CATCH_CHECK_THROWS_WITH(read_training_state(folder.path()),
                          Catch::Contains("schema_version is 2, this program reads 1"));
  folder.write("training_state.json", "{\"schema");
  CATCH_CHECK_THROWS_WITH(read_training_state(folder.path()), Catch::Contains("training_state.json"));
}
