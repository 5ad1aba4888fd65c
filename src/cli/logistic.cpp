#include "cli/logistic.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/random.hpp"
#include "cli/roc.hpp"
#include "ifstop/score/linear_judge.hpp"

namespace ifstop::cli {
namespace {

struct Example {
  std::vector<Feature> features;
  double target = 0;
  double weight = 1;
};

std::vector<Example> extract(const std::vector<LabelledPair>& pairs) {
  FeatureExtractor features;
  std::vector<Example> examples;
  examples.reserve(pairs.size());
  for (const auto& pair : pairs)
    examples.push_back({features({pair.prompt, pair.response}), pair.positive ? 1.0 : 0.0, pair.weight});
  return examples;
}

/// AdaGrad on the log-loss; every coordinate remembers when its sum for the average was last brought up to
/// date.
class Trainer {
 public:
  explicit Trainer(const LogisticOptions& options) : options_(options) {}

  void step(const Example& example) {
    ++steps_;
    double log_odds = weight_[bias];
    for (const auto& f : example.features) log_odds += weight_[f.bucket] * double{f.value};
    const double error = (1.0 / (1.0 + std::exp(-log_odds)) - example.target) * example.weight;
    for (const auto& f : example.features) {
      const double decay = f.bucket < FeatureLayout::hashed ? options_.decay_hashed : options_.decay_cross;
      update(f.bucket, error * double{f.value} + decay * weight_[f.bucket]);
    }
    update(bias, error);
  }

  void start_average() {
    started_ = steps_;
    std::fill(sum_.begin(), sum_.end(), 0.0);
    std::fill(since_.begin(), since_.end(), steps_);
  }

  /// The average weight of a bucket since start_average.
  double average(std::size_t i) const {
    return (sum_[i] + weight_[i] * static_cast<double>(steps_ - since_[i])) /
           static_cast<double>(steps_ - started_);
  }

  static constexpr std::size_t bias = FeatureLayout::size;

 private:
  void update(std::size_t i, double gradient) {
    sum_[i] += weight_[i] * static_cast<double>(steps_ - since_[i]);
    since_[i] = steps_;
    squares_[i] += gradient * gradient;
    weight_[i] -= options_.learning_rate * gradient / std::sqrt(squares_[i] + 1e-8);
  }

  LogisticOptions options_;
  std::int64_t steps_ = 0, started_ = 0;
  std::vector<double> weight_ = std::vector<double>(FeatureLayout::size + 1);
  std::vector<double> squares_ = weight_, sum_ = weight_;
  std::vector<std::int64_t> since_ = std::vector<std::int64_t>(FeatureLayout::size + 1);
};

/// Rounds the weights of buckets [first, last) to bytes of a common scale, which it returns.
double quantise(const Trainer& trainer, LinearWeights& out, std::size_t first, std::size_t last) {
  double largest = 1e-9;
  for (auto i = first; i < last; ++i) largest = std::max(largest, std::abs(trainer.average(i)));
  const double scale = largest / 127.0;
  for (auto i = first; i < last; ++i)
    out.weights[i] = static_cast<std::int8_t>(std::lround(trainer.average(i) / scale));
  return scale;
}

}  // namespace

LinearWeights train_logistic(const std::vector<LabelledPair>& pairs, const LogisticOptions& options) {
  const auto examples = extract(pairs);
  std::vector<std::size_t> order(examples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(options.seed);
  Trainer trainer(options);
  for (int pass = 0; pass < options.passes; ++pass) {
    if (pass == options.passes / 2) trainer.start_average();
    random.shuffle(order);
    for (auto i : order) trainer.step(examples[i]);
  }
  LinearWeights out;
  out.scale_hashed = quantise(trainer, out, 0, FeatureLayout::hashed);
  out.scale_cross = quantise(trainer, out, FeatureLayout::hashed, FeatureLayout::size);
  out.bias = trainer.average(Trainer::bias);
  return out;
}

void measure(LinearWeights& weights, const std::vector<LabelledPair>& rows) {
  const auto judged = judge_rows(LinearJudge(weights), rows);
  weights.info.threshold = matching_threshold(judged);
  weights.info.auc = area_under_curve(judged);
  const auto found = confusion_at(judged, weights.info.threshold);
  weights.info.sensitivity = found.sensitivity();
  weights.info.positives = static_cast<std::int64_t>(found.positives);
  weights.info.negatives = static_cast<std::int64_t>(found.negatives);
  weights.info.specificity = found.specificity();
}

}  // namespace ifstop::cli
