// miniature_pretrain: trains a tiny base model from nothing on the generator's documents, with the library's
// own model, loss, optimiser and schedule.
//
//   miniature_pretrain --out DIR [--hidden 128] [--layers 4] [--heads 4] [--feed-forward 344] [--tokens 8e6]
//                      [--batch-rows 8] [--learning-rate 3e-3] [--seed 1] [--threads 1]
//
// DIR holds tokenizer.model already (miniature_tokenizer) and gets config.json and model.safetensors in bf16.
#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "arguments.hpp"
#include "document.hpp"
#include "ifstop/llama/model.hpp"
#include "ifstop/llama/tokenizer.hpp"
#include "ifstop/sft/loss.hpp"
#include "ifstop/sft/optimizer.hpp"
#include "ifstop/sft/schedule.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kContext = 256;  // tokens of a row: a document and a half

ifstop::LlamaConfig shape(const miniature::Arguments& given, std::int64_t vocabulary) {
  ifstop::LlamaConfig config;
  config.vocab_size = vocabulary;
  config.hidden_size = given.integer("--hidden", 128);
  config.num_hidden_layers = given.integer("--layers", 4);
  config.num_attention_heads = given.integer("--heads", 4);
  config.intermediate_size = given.integer("--feed-forward", 344);
  config.max_position_embeddings = 512;
  config.rms_norm_eps = 1e-5;
  config.initializer_range =
      0.05;  // about 1/sqrt(3 · hidden_size): small models need wider weights than 0.02
  config.tie_word_embeddings = true;
  return config;
}

/// Documents without end, each between BOS and EOS, laid end to end and cut into rows of kContext tokens.
class Stream {
 public:
  Stream(const ifstop::Tokenizer& tokenizer, std::uint64_t seed) : tokenizer_(tokenizer), rng_(seed) {}

  /// The next `rows` rows.
  ifstop::PackedBatch next(std::int64_t rows) {
    ifstop::PackedBatch batch;
    for (std::int64_t row = 0; row < rows; ++row) {
      while (ahead_.size() <= kContext) add_document();
      batch.tokens.insert(batch.tokens.end(), ahead_.begin(), ahead_.begin() + kContext);
      batch.targets.insert(batch.targets.end(), ahead_.begin() + 1, ahead_.begin() + kContext + 1);
      batch.lengths.push_back(kContext);
      ahead_.erase(ahead_.begin(), ahead_.begin() + kContext);
    }
    return batch;
  }

 private:
  void add_document() {
    const std::vector<std::int64_t> ids = tokenizer_.encode(miniature::document(rng_), true);
    ahead_.insert(ahead_.end(), ids.begin(), ids.end());
    ahead_.push_back(tokenizer_.eos().front());
  }

  const ifstop::Tokenizer& tokenizer_;
  miniature::Rng rng_;
  std::vector<std::int64_t> ahead_;
};

double validation_loss(ifstop::Llama& model, const ifstop::Tokenizer& tokenizer) {
  torch::NoGradGuard no_grad;
  Stream unseen(tokenizer, 0xA11CE);
  return ifstop::sft::answer_loss(model, unseen.next(128)).item<double>();
}

void progress(std::int64_t step, std::int64_t steps, double loss, std::int64_t tokens,
              Clock::time_point start) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("step %lld of %lld   loss %.3f   %.0f tokens/s   %.1f min left\n", static_cast<long long>(step),
              static_cast<long long>(steps), loss, static_cast<double>(tokens) / seconds,
              seconds / static_cast<double>(step) * static_cast<double>(steps - step) / 60);
  std::fflush(stdout);
}

void save(ifstop::Llama& model, const std::filesystem::path& folder) {
  ifstop::Llama half(model.config(), {.dtype = c10::kBFloat16}, 0);
  torch::NoGradGuard no_grad;
  auto from = model.parameters(), to = half.parameters();
  for (std::size_t i = 0; i < from.size(); ++i) to[i].copy_(from[i]);
  half.save(folder);
}

void run(const miniature::Arguments& given) {
  const std::filesystem::path folder = given.text("--out");
  torch::set_num_threads(static_cast<int>(given.integer("--threads", 1)));
  const auto tokenizer = ifstop::Tokenizer::load(folder);
  const auto seed = static_cast<std::uint64_t>(given.integer("--seed", 1));
  ifstop::Llama model(shape(given, tokenizer.vocab_size()), {}, seed);
  std::int64_t parameters = 0;
  for (const auto& parameter : model.parameters()) parameters += parameter.numel();
  std::printf("%lld parameters\n", static_cast<long long>(parameters));

  const std::int64_t rows = given.integer("--batch-rows", 8);
  const std::int64_t steps = given.integer("--tokens", 8'000'000) / (rows * kContext);
  ifstop::sft::AdamW optimizer(model.named_parameters(), {.beta2 = 0.95, .weight_decay = 0.05});
  const ifstop::sft::Schedule schedule({.learning_rate = given.number("--learning-rate", 3e-3),
                                        .decay = ifstop::sft::Decay::cosine,
                                        .warmup_steps = 100,
                                        .total_steps = steps});
  Stream documents(tokenizer, seed);
  const auto start = Clock::now();
  std::int64_t tokens = 0;
  double smooth = 0;
  model.train();
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto batch = documents.next(rows);
    auto loss = ifstop::sft::answer_loss(model, batch);
    loss.backward();
    optimizer.clip(1.0);
    optimizer.step(schedule(step));
    tokens += static_cast<std::int64_t>(batch.tokens.size());
    smooth = step == 0 ? loss.item<double>() : 0.95 * smooth + 0.05 * loss.item<double>();
    if ((step + 1) % 50 == 0) progress(step + 1, steps, smooth, tokens, start);
    if ((step + 1) % 500 == 0) save(model, folder);  // so that a half-trained model can be tried
  }
  model.eval();
  save(model, folder);
  std::printf("validation loss %.4f nats a token; saved %s\n", validation_loss(model, tokenizer),
              folder.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(miniature::Arguments(argc, argv, 1,
                             {"--out", "--hidden", "--layers", "--heads", "--feed-forward", "--tokens",
                              "--batch-rows", "--learning-rate", "--seed", "--threads"}));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "miniature_pretrain: %s\n", error.what());
    return 2;
  }
}
