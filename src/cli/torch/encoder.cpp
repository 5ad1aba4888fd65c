#include "cli/encoder.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "cli/commands.hpp"
#include "cli/random.hpp"
#include "cli/roc.hpp"
#include "ifstop/judges/encoder_judge.hpp"
#include "ifstop/judges/wordpiece.hpp"
#include "ifstop/sft/autocast.hpp"
#include "judges/bert.hpp"

namespace ifstop::cli {
namespace {

/// Draws rows by weight; rows of like length come together, so that little is padding.
class Batches {
 public:
  Batches(const std::vector<LabelledPair>& pairs, const EncoderJudge& reader, const EncoderTraining& options)
      : size_(static_cast<std::size_t>(options.batch)), random_(options.seed) {
    for (const auto& pair : pairs) {
      rows_.push_back(reader.row_of({pair.prompt, pair.response}));
      labels_.push_back(pair.positive ? 1 : 0);
      total_.push_back((total_.empty() ? 0 : total_.back()) + pair.weight);
    }
  }

  struct Batch {
    std::vector<judges::BertRow> rows;
    std::vector<std::int64_t> labels;
  };

  Batch next() {
    if (waiting_.empty()) draw();
    Batch batch;
    for (auto i : waiting_.back()) batch.rows.push_back(rows_[i]), batch.labels.push_back(labels_[i]);
    waiting_.pop_back();
    return batch;
  }

 private:
  void draw() {
    constexpr std::size_t ahead = 16;  // batches
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < ahead * size_; ++i) {
      const double at = static_cast<double>(random_.next() >> 11) * 0x1.0p-53 * total_.back();
      const auto found = std::upper_bound(total_.begin(), total_.end(), at) - total_.begin();
      drawn.push_back(std::min(static_cast<std::size_t>(found), rows_.size() - 1));
    }
    std::stable_sort(drawn.begin(), drawn.end(),
                     [&](auto a, auto b) { return rows_[a].ids.size() < rows_[b].ids.size(); });
    for (std::size_t i = 0; i < ahead; ++i)
      waiting_.emplace_back(drawn.begin() + static_cast<std::ptrdiff_t>(i * size_),
                            drawn.begin() + static_cast<std::ptrdiff_t>((i + 1) * size_));
    random_.shuffle(waiting_);
  }

  std::size_t size_;
  Random random_;
  std::vector<judges::BertRow> rows_;
  std::vector<std::int64_t> labels_;
  std::vector<double> total_;  ///< weights summed up to each row
  std::vector<std::vector<std::size_t>> waiting_;
};

/// AdamW; matrices decay, biases and norms do not.
torch::optim::AdamW optimizer_of(const judges::Bert& model, double learning_rate) {
  std::vector<torch::Tensor> matrices, others;
  for (const auto& [name, tensor] : model.parameters())
    (tensor.dim() > 1 ? matrices : others).push_back(tensor);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (auto* members : {&matrices, &others}) {
    auto options = std::make_unique<torch::optim::AdamWOptions>(learning_rate);
    options->weight_decay(members == &matrices ? 0.01 : 0.0);
    groups.emplace_back(*members, std::move(options));
  }
  return torch::optim::AdamW(groups, torch::optim::AdamWOptions(learning_rate));
}

double rate_at(int step, const EncoderTraining& o) {
  const double warm = std::max(1.0, 0.06 * o.steps), at = step + 1;
  return o.learning_rate * std::min(at / warm, (o.steps - step) / std::max(1.0, o.steps - warm));
}

void fit(judges::Bert& model, Batches& batches, const EncoderTraining& o) {
  torch::manual_seed(o.seed);  // dropout
  model.require_gradients(true);
  model.dropout = o.dropout;
  auto optimizer = optimizer_of(model, o.learning_rate);
  std::vector<torch::Tensor> parameters;
  for (const auto& [name, tensor] : model.parameters()) parameters.push_back(tensor);
  double shown = 0;
  for (int step = 0; step < o.steps; ++step) {
    for (auto& group : optimizer.param_groups())
      static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate_at(step, o));
    const auto batch = batches.next();
    torch::Tensor logits;
    {
      const sft::Bf16Autocast autocast(o.bf16, torch::kCPU);
      logits = model.logits(batch.rows);
    }
    const auto loss =
        torch::cross_entropy_loss(logits.to(torch::kFloat), torch::tensor(batch.labels, torch::kLong));
    optimizer.zero_grad();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(parameters, 1.0);
    optimizer.step();
    shown = step == 0 ? loss.item<double>() : 0.98 * shown + 0.02 * loss.item<double>();
    if ((step + 1) % 50 == 0) fmt::print(stderr, "step {} of {}: loss {:.3f}\n", step + 1, o.steps, shown);
  }
  model.dropout = 0;
  model.require_gradients(false);
}

void check(const EncoderTraining& o) {
  const auto positive = [](const char* name, double value) {
    if (!(value > 0)) throw UsageError(fmt::format("--{} {}: must be above 0", name, value));
  };
  positive("steps", o.steps);
  positive("batch", o.batch);
  positive("learning-rate", o.learning_rate);
  if (!(o.dropout >= 0 && o.dropout < 1))
    throw UsageError(fmt::format("--dropout {}: must be 0 to below 1", o.dropout));
}

}  // namespace

JudgeInfo train_encoder(const std::vector<LabelledPair>& pairs, const std::vector<LabelledPair>& gold,
                        const EncoderTraining& options) {
  check(options);
  auto model = std::make_shared<judges::Bert>(judges::Bert::load(options.encoder, options.seed));
  auto tokenizer = std::make_shared<WordPiece>(WordPiece::load(options.encoder / "vocab.txt"));
  JudgeInfo info{"ifstop-tone-encoder", "1"};
  const EncoderJudge reader(model, tokenizer, info);
  Batches batches(pairs, reader, options);
  fit(*model, batches, options);
  const auto judged = judge_rows(reader, gold);
  info.threshold = matching_threshold(judged);
  info.auc = area_under_curve(judged);
  const auto found = confusion_at(judged, info.threshold);
  info.sensitivity = found.sensitivity();
  info.specificity = found.specificity();
  model->save(options.out);
  std::filesystem::copy_file(options.encoder / "vocab.txt", options.out / "vocab.txt",
                             std::filesystem::copy_options::overwrite_existing);
  save_judge_info(options.out, info);
  return info;
}

std::unique_ptr<Judge> load_encoder(const std::filesystem::path& folder) {
  return std::make_unique<EncoderJudge>(EncoderJudge::load(folder));
}

}  // namespace ifstop::cli
