// Noticing that training has diverged, before a broken step reaches the weights.
#pragma once
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace ifstop::sft {

/// The loss or the gradient norm is not a finite number. Exit code 3.
struct Diverged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws Diverged with a sentence that says what, when and what to try next, where `loss` or `grad_norm` is
/// NaN or infinite. Call it before the optimiser's step: the weights are then still those of the last good
/// step.
inline void check_finite(double loss, double grad_norm, std::int64_t step) {
  if (std::isfinite(loss) && std::isfinite(grad_norm)) return;
  const bool in_loss = !std::isfinite(loss);
  const double value = in_loss ? loss : grad_norm;
  throw Diverged("training diverged at step " + std::to_string(step) + ": the " +
                 (in_loss ? "loss" : "gradient norm") + " is " +
                 (std::isnan(value) ? "not a number" : "infinite") +
                 ". Try a smaller learning_rate, a longer warm-up (warmup_steps) or a smaller max_grad_norm; "
                 "the weights "
                 "of the last checkpoint are untouched");
}

}  // namespace ifstop::sft
