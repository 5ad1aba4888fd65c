#include "ifstop/judges/self_judge.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <utility>

#include "ifstop/score/run_on.hpp"

namespace ifstop {
namespace {

/// One example of the probe's training.
struct Example {
  std::string prompt, response;
  bool answer = false;
  bool held_out = false;
};

/// 0 … n-1, the same with every standard library.
std::size_t below(std::mt19937_64& random, std::size_t n) {
  return static_cast<std::size_t>(random() % n);
}

/// Where words of the text begin, the first left out.
std::vector<std::size_t> word_starts(const std::string& text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 1; i < text.size(); ++i)
    if ((text[i - 1] == ' ' || text[i - 1] == '\n') && text[i] != ' ' && text[i] != '\n') starts.push_back(i);
  return starts;
}

std::vector<Example> examples_of(std::span<const InstructionPair> data, const SelfJudgeOptions& options) {
  std::vector<const InstructionPair*> usable;
  for (const auto& pair : data)
    if (!word_starts(pair.instruction).empty() && !pair.answer.empty()) usable.push_back(&pair);
  if (usable.size() < 20)
    throw std::invalid_argument(
        fmt::format("the judge's data has {} pairs that can be cut (an instruction of two words at least, "
                    "with an answer); "
                    "20 are needed",
                    usable.size()));
  std::mt19937_64 random(options.seed);
  for (auto i = usable.size(); i > 1; --i) std::swap(usable[i - 1], usable[below(random, i)]);
  usable.resize(std::min(usable.size(), options.max_pairs));
  std::vector<Example> examples;
  for (std::size_t i = 0; i < usable.size(); ++i) {
    const auto& [instruction, answer] = *usable[i];
    const auto starts = word_starts(instruction);
    const auto cut = starts[starts.size() / 3 + below(random, starts.size() - starts.size() / 3)];
    const auto& other = usable[(i + 1 + below(random, usable.size() - 1)) % usable.size()]->instruction;
    const bool held_out = i % 5 == 0;
    const std::string lead = below(random, 2) == 0 ? " " : "\n", beginning = instruction.substr(0, cut - 1);
    examples.push_back({instruction, lead + answer, true, held_out});
    examples.push_back({beginning, lead + answer, true, held_out});
    examples.push_back({beginning, instruction.substr(cut - 1), false, held_out});
    examples.push_back({instruction, lead + other, false, held_out});
  }
  return examples;
}

double auc_of(const std::vector<std::pair<double, bool>>& judged) {
  double wins = 0, pairs = 0;
  for (const auto& [p, is] : judged)
    for (const auto& [q, other] : judged)
      if (is && !other) wins += p > q ? 1 : p == q ? 0.5 : 0, pairs += 1;
  return wins / pairs;
}

void check(const SelfJudgeOptions& o) {
  const auto at_least = [](const char* field, std::size_t value, std::size_t least) {
    if (value < least)
      throw std::invalid_argument(
          fmt::format("SelfJudgeOptions::{} is {}; it must be at least {}", field, value, least));
  };
  at_least("max_pairs", o.max_pairs, 20);
  at_least("prompt_tokens", o.prompt_tokens, 1);
  at_least("response_tokens", o.response_tokens, 1);
  if (!(o.l2 >= 0) || std::isinf(o.l2))
    throw std::invalid_argument(fmt::format("SelfJudgeOptions::l2 is {}; it must be 0 or above", o.l2));
}

}  // namespace

/// The frozen model and the probe's weights.
struct SelfJudge::Probe {
  mutable Llama model;
  Tokenizer tokenizer;
  SelfJudgeOptions options;
  torch::Tensor mean, deviation, weight;  ///< [F] each
  torch::Tensor bias;                     ///< []

  /// [3 C + 1] of one pair.
  torch::Tensor features(const JudgePair& pair) const {
    const auto segment = find_turn_end(pair.prompt, pair.response).first_segment;
    auto tokens = tokenizer.encode(pair.prompt);
    if (tokens.size() > options.prompt_tokens)
      tokens.erase(tokens.begin(), tokens.end() - static_cast<std::ptrdiff_t>(options.prompt_tokens));
    if (tokens.empty()) tokens.push_back(std::max<std::int64_t>(tokenizer.bos(), 0));
    const auto start = static_cast<std::int64_t>(tokens.size());
    auto whole = tokenizer.encode(std::string(pair.prompt) + std::string(segment));
    const auto asked = tokenizer.encode(pair.prompt).size();
    whole.erase(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(std::min(asked, whole.size())));
    if (whole.size() > options.response_tokens) whole.resize(options.response_tokens);
    tokens.insert(tokens.end(), whole.begin(), whole.end());
    const auto n = static_cast<std::int64_t>(tokens.size());
    const auto hidden = model.hidden({tokens, {n}, {}});  // [N, C]
    const auto response = hidden.slice(0, start == n ? n - 1 : start, n).to(torch::kFloat);
    auto likelihood = torch::zeros({1});
    if (n > start) {
      const auto log = torch::log_softmax(model.logits(hidden.slice(0, start - 1, n - 1)).to(torch::kFloat),
                                          -1);  // [R, V]
      const auto next =
          torch::tensor(std::vector<std::int64_t>(tokens.begin() + start, tokens.end()), torch::kLong);
      likelihood = log.gather(1, next.to(log.device()).unsqueeze(1)).mean().view({1}).cpu();
    }
    return torch::cat({response.mean(0).cpu(), response[0].cpu(), response[-1].cpu(), likelihood});
  }

  torch::Tensor features(std::span<const JudgePair> pairs) const {
    const torch::NoGradGuard no_gradients;
    std::vector<torch::Tensor> rows;
    for (const auto& pair : pairs) rows.push_back(features(pair));
    return torch::stack(rows);  // [N, F]
  }

  /// Fits the weights: Adam on all examples at once; the problem is convex.
  void fit(const torch::Tensor& all, const torch::Tensor& labels) {
    mean = all.mean(0);
    deviation = all.std(0, /*unbiased=*/false).clamp_min(1e-6);
    const auto x = (all - mean) / deviation;
    weight = torch::zeros({x.size(1)}).requires_grad_();
    bias = torch::zeros({}).requires_grad_();
    torch::optim::Adam optimizer({weight, bias}, torch::optim::AdamOptions(0.02));
    constexpr int steps = 400;
    for (int step = 0; step < steps; ++step) {
      const auto loss = torch::binary_cross_entropy_with_logits(torch::mv(x, weight) + bias, labels) +
                        options.l2 * weight.square().sum();
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    weight = weight.detach();
    bias = bias.detach();
  }

  std::vector<double> judge(const torch::Tensor& all) const {
    const auto p =
        torch::sigmoid(torch::mv((all - mean) / deviation, weight) + bias).to(torch::kDouble).contiguous();
    return {p.data_ptr<double>(), p.data_ptr<double>() + p.numel()};
  }
};

SelfJudge SelfJudge::train(Llama base, Tokenizer tokenizer, std::span<const InstructionPair> data,
                           const SelfJudgeOptions& options) {
  check(options);
  const auto examples = examples_of(data, options);
  auto probe = std::make_shared<Probe>(Probe{std::move(base), std::move(tokenizer), options, {}, {}, {}, {}});
  std::vector<JudgePair> seen, unseen;
  std::vector<float> labels;
  std::vector<bool> truth;
  for (const auto& one : examples) {
    (one.held_out ? unseen : seen).push_back({one.prompt, one.response});
    if (one.held_out)
      truth.push_back(one.answer);
    else
      labels.push_back(one.answer ? 1.0F : 0.0F);
  }
  const torch::AutoGradMode gradients(true);
  probe->fit(probe->features(seen), torch::tensor(labels));
  const auto judged = probe->judge(probe->features(unseen));
  JudgeInfo info{"ifstop-tone-self", "1"};
  std::vector<std::pair<double, bool>> rows;
  double found = 0, kept = 0, positives = 0;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    rows.emplace_back(judged[i], truth[i]);
    positives += truth[i];
    found += truth[i] && judged[i] >= info.threshold;
    kept += !truth[i] && judged[i] < info.threshold;
  }
  info.auc = auc_of(rows);
  info.sensitivity = found / positives;
  info.specificity = kept / (static_cast<double>(rows.size()) - positives);
  return SelfJudge(std::move(probe), std::move(info));
}

std::vector<double> SelfJudge::probabilities(std::span<const JudgePair> pairs) const {
  if (pairs.empty()) return {};
  return probe_->judge(probe_->features(pairs));
}

}  // namespace ifstop
