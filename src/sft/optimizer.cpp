#include "ifstop/sft/optimizer.hpp"

#include <fmt/format.h>

#include <torch/torch.h>
#include <cmath>

#include <stdexcept>

#include "sft/optimizer_groups.hpp"

namespace ifstop::sft {
namespace {

void check(const AdamWOptions& options) {
  const auto need = [](bool good, const char* field, double value, const char* wanted) {
    if (!good) throw std::invalid_argument(fmt::format("{} = {}: must be {}", field, value, wanted));
  };
  need(options.beta1 >= 0 && options.beta1 < 1, "adam_beta1", options.beta1, "at least 0 and below 1");
  need(options.beta2 >= 0 && options.beta2 < 1, "adam_beta2", options.beta2, "at least 0 and below 1");
  need(options.epsilon > 0, "adam_epsilon", options.epsilon, "above 0");
  need(options.weight_decay >= 0 && std::isfinite(options.weight_decay), "weight_decay", options.weight_decay,
       "0 or more");
}

/// The members of a group that have a gradient this time, in the layout the kernel wants.
struct Slice {
  std::vector<at::Tensor> parameters, masters, gradients, moments, squares, steps, none;
};

Slice with_gradient(const Group& group) {
  Slice slice;
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    const at::Tensor& gradient = group.parameters[i].grad();
    if (!gradient.defined()) continue;
    slice.parameters.push_back(group.parameters[i]);
    slice.masters.push_back(group.masters[i]);
    slice.gradients.push_back(gradient.to(group.masters[i].scalar_type()));
    slice.moments.push_back(group.moments[i]);
    slice.squares.push_back(group.squares[i]);
    slice.steps.push_back(group.steps[i]);
  }
  return slice;
}

}  // namespace

AdamW::AdamW(const std::vector<std::pair<std::string, at::Tensor>>& parameters, const AdamWOptions& options)
    : groups_(std::make_unique<Groups>()) {
  check(options);
  if (parameters.empty()) throw std::invalid_argument("no parameter: there is nothing to tune");
  groups_->options = options;
  groups_->groups.resize(2);  // matrices, vectors
  groups_->groups[0].weight_decay = options.weight_decay;
  for (const auto& [name, parameter] : parameters)
    groups_->groups[parameter.dim() >= 2 ? 0 : 1].add(name, parameter);
}

AdamW::~AdamW() = default;
AdamW::AdamW(AdamW&&) noexcept = default;

double AdamW::clip(double max_norm) {
  if (!(max_norm >= 0))
    throw std::invalid_argument(fmt::format("max_grad_norm = {}: must be 0 (off) or more", max_norm));
  std::vector<at::Tensor> gradients;
  for (const Group& group : groups_->groups)
    for (const at::Tensor& parameter : group.parameters)
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  if (gradients.empty()) return 0;
  const auto norms = at::_foreach_norm(gradients, 2, at::kFloat);
  const double norm = at::stack(norms).norm().item<double>();
  if (max_norm > 0 && norm > max_norm) at::_foreach_mul_(gradients, max_norm / norm);
  return norm;
}

void AdamW::step(double learning_rate) {
  const torch::NoGradGuard no_grad;
  const AdamWOptions& options = groups_->options;
  for (Group& group : groups_->groups) {
    Slice slice = with_gradient(group);
    if (slice.parameters.empty()) continue;
    at::_foreach_add_(slice.steps, 1);
    at::_fused_adamw_(slice.masters, slice.gradients, slice.moments, slice.squares, slice.none, slice.steps,
                      learning_rate, options.beta1, options.beta2, group.weight_decay, options.epsilon,
                      /*amsgrad=*/false,
                      /*maximize=*/false);
    for (std::size_t i = 0; i < slice.parameters.size(); ++i)
      if (slice.parameters[i].scalar_type() != slice.masters[i].scalar_type())
        slice.parameters[i].data().copy_(slice.masters[i]);
  }
  zero_grad();
}

void AdamW::zero_grad() {
  for (Group& group : groups_->groups)
    for (at::Tensor& parameter : group.parameters) parameter.mutable_grad() = at::Tensor();
}

}  // namespace ifstop::sft
