#include "ifstop/sft/packing.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "ifstop/sft/random.hpp"

namespace ifstop::sft {
namespace {

using Plan = std::vector<std::vector<std::size_t>>;

Plan count_examples(const std::vector<std::size_t>& order, std::size_t batch_examples) {
  Plan plan;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % batch_examples == 0) plan.emplace_back();
    plan.back().push_back(order[i]);
  }
  return plan;
}

Plan fill_tokens(const std::vector<TokenizedExample>& data, const std::vector<std::size_t>& order,
                 std::int64_t max_tokens) {
  Plan plan;
  std::vector<std::int64_t> room;  // tokens left in each batch of the plan
  std::size_t oldest = 0;          // first batch that is still open
  for (const std::size_t index : order) {
    const std::int64_t size = data[index].size();
    std::size_t fit = oldest;
    while (fit < plan.size() && room[fit] < size) ++fit;
    if (fit == plan.size()) {
      plan.emplace_back();
      room.push_back(max_tokens);
      if (plan.size() - oldest > Batcher::open_batches) ++oldest;
    }
    plan[fit].push_back(index);
    room[fit] -= size;
  }
  return plan;
}

}  // namespace

TrainingBatch pack(const std::vector<TokenizedExample>& data, const std::vector<std::size_t>& chosen) {
  TrainingBatch batch;
  for (const std::size_t index : chosen) {
    const TokenizedExample& example = data.at(index);
    batch.packed.tokens.insert(batch.packed.tokens.end(), example.tokens.begin(), example.tokens.end());
    batch.packed.targets.insert(batch.packed.targets.end(), example.targets.begin(), example.targets.end());
    batch.packed.lengths.push_back(example.size());
    batch.answer_tokens += example.answer_tokens();
  }
  batch.examples = static_cast<std::int64_t>(chosen.size());
  return batch;
}

Batcher::Batcher(const std::vector<TokenizedExample>& data, const BatchOptions& options)
    : data_(data), options_(options) {
  if (data.empty()) throw std::invalid_argument("no training example: there is nothing to make batches of");
  if (options.max_tokens < 0)
    throw std::invalid_argument(
        fmt::format("max_tokens = {}: must be 0 (count examples) or more", options.max_tokens));
  if (options.max_tokens == 0 && options.batch_examples < 1)
    throw std::invalid_argument(
        fmt::format("batch_examples = {}: must be 1 or more", options.batch_examples));
  for (std::size_t i = 0; options.max_tokens > 0 && i < data.size(); ++i)
    if (data[i].size() > options.max_tokens)
      throw std::invalid_argument(
          fmt::format("max_tokens = {}: example {} has {} tokens; raise it or lower max_seq_length",
                      options.max_tokens, i + 1, data[i].size()));
  plan_ = plan(0);
}

std::vector<std::vector<std::size_t>> Batcher::plan(std::int64_t epoch) const {
  std::vector<std::size_t> order(data_.size());
  if (options_.shuffle)
    order = shuffled(data_.size(), options_.seed, epoch);
  else
    std::iota(order.begin(), order.end(), std::size_t{0});
  if (options_.max_tokens > 0) return fill_tokens(data_, order, options_.max_tokens);
  return count_examples(order, static_cast<std::size_t>(options_.batch_examples));
}

TrainingBatch Batcher::next() {
  if (position_.batch == static_cast<std::int64_t>(plan_.size())) seek({position_.epoch + 1, 0});
  return batch(plan_[static_cast<std::size_t>(position_.batch++)]);
}

void Batcher::seek(const DataPosition& position) {
  Plan wanted = plan(position.epoch);
  const auto batches = static_cast<std::int64_t>(wanted.size());
  if (position.epoch < 0 || position.batch < 0 || position.batch > batches)
    throw std::invalid_argument(
        fmt::format("data position epoch {}, batch {}: an epoch has {} batches; is it the same "
                    "train_file with the same options?",
                    position.epoch, position.batch, batches));
  plan_ = std::move(wanted);
  position_ = position;
}

RunLength run_length(const Batcher& batches, double epochs, std::int64_t max_steps,
                     std::int64_t accumulation) {
  if (accumulation < 1)
    throw std::invalid_argument(
        fmt::format("gradient_accumulation_steps = {}: must be 1 or more", accumulation));
  if (max_steps < 0)
    throw std::invalid_argument(
        fmt::format("max_steps = {}: must be 0 (num_train_epochs) or more", max_steps));
  if (max_steps == 0 && !(epochs > 0 && epochs < 1e6))
    throw std::invalid_argument(
        fmt::format("num_train_epochs = {}: must be above 0 and below a million", epochs));
  RunLength length;
  for (std::int64_t epoch = 0;; ++epoch) {
    const Plan plan = batches.plan(epoch);
    const auto whole = static_cast<double>(plan.size());
    const double wanted = max_steps > 0 ? static_cast<double>(max_steps * accumulation - length.batches)
                                        : std::ceil((epochs - static_cast<double>(epoch)) * whole);
    const auto left = static_cast<std::int64_t>(std::min(wanted, whole));
    if (left <= 0) break;
    for (std::int64_t b = 0; b < left; ++b) {
      const TrainingBatch batch = batches.batch(plan[static_cast<std::size_t>(b)]);
      length.examples += batch.examples;
      length.tokens += static_cast<std::int64_t>(batch.packed.tokens.size());
    }
    length.batches += left;
  }
  length.steps = (length.batches + accumulation - 1) / accumulation;
  return length;
}

}  // namespace ifstop::sft
