// Noticing that training has diverged, before a broken step reaches the weights.
#pragma once
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "ifstop/llama/model.hpp"

namespace ifstop::sft {

/// A sentence that says what, when and what to try next where the loss or the gradient norm is NaN or
/// infinite; nothing where both are finite. Ask before the optimiser's step: the weights are then still those
/// of the last good one. Such a run ends with exit_diverged.
inline std::optional<std::string> divergence(double loss, double grad_norm, std::int64_t step) {
  if (std::isfinite(loss) && std::isfinite(grad_norm)) return std::nullopt;
  const bool in_loss = !std::isfinite(loss);
  const double value = in_loss ? loss : grad_norm;
  return "training diverged at step " + std::to_string(step) + ": the " +
         (in_loss ? "loss" : "gradient norm") + " is " + (std::isnan(value) ? "not a number" : "infinite") +
         ". Try a smaller learning_rate, a longer warm-up (warmup_steps) or a smaller max_grad_norm; the "
         "weights of the last "
         "checkpoint are untouched";
}

/// The same for the weights themselves, which one step of an absurd learning rate can break while the loss is
/// still that of the step before. Reads every weight once: for the moments before they are saved.
std::optional<std::string> divergence(const Llama& model, std::int64_t step);

}  // namespace ifstop::sft
