// A small problem for tests of the optimiser.
#pragma once
#include <torch/torch.h>

#include <string>
#include <utility>
#include <vector>

#include "ifstop/sft/optimizer.hpp"

namespace ifstop_test {

using Parameters = std::vector<std::pair<std::string, at::Tensor>>;

/// A matrix and a vector, the same numbers every time.
inline Parameters parameters(at::ScalarType dtype = at::kFloat) {
  Parameters all{{"matrix", torch::linspace(-1, 1, 12).view({3, 4}).to(dtype)},
                 {"norm", torch::linspace(.5, 1.5, 4).to(dtype)}};
  for (auto& [name, parameter] : all) parameter.requires_grad_();
  return all;
}

/// Gradients of a bowl whose lowest point is at 0.3.
inline void set_gradients(Parameters& all) {
  for (auto& [name, parameter] : all) parameter.mutable_grad() = (parameter.detach() - 0.3) * 2;
}

inline void train(ifstop::sft::AdamW& optimizer, Parameters& all, int steps) {
  for (int i = 0; i < steps; ++i) {
    set_gradients(all);
    optimizer.step(0.01);
  }
}

}  // namespace ifstop_test
