#include "ifstop/sft/divergence.hpp"

#include <torch/torch.h>

#include <fmt/format.h>

namespace ifstop::sft {

std::optional<std::string> divergence(const Llama& model, std::int64_t step) {
  torch::NoGradGuard no_grad;
  for (const auto& [name, weight] : model.named_parameters()) {
    const auto [least, most] = at::aminmax(weight);  // both are NaN where one value is
    if (at::isfinite(least).logical_and(at::isfinite(most)).item<bool>()) continue;
    return fmt::format(
        "training diverged by step {}: {} holds values that are not finite. Try a smaller learning_rate, a "
        "longer "
        "warm-up (warmup_steps) or a smaller weight_decay; the weights of the last checkpoint are untouched",
        step, name);
  }
  return std::nullopt;
}

}  // namespace ifstop::sft
