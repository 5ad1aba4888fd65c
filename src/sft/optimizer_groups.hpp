// What AdamW remembers of each parameter. Private: shared by optimizer.cpp and optimizer_state.cpp.
#pragma once
#include <torch/torch.h>

#include <string>
#include <vector>

#include "ifstop/sft/optimizer.hpp"

namespace ifstop::sft {

/// Parameters that share a weight decay, with what AdamW remembers of each.
struct Group {
  double weight_decay = 0;
  std::vector<std::string> names;
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> masters;  // what is stepped: the parameter itself where it is fp32 (or double)
  std::vector<at::Tensor> moments, squares, steps;

  void add(const std::string& name, const at::Tensor& parameter) {
    const bool narrow = parameter.scalar_type() == at::kHalf || parameter.scalar_type() == at::kBFloat16;
    const at::Tensor master = narrow ? parameter.detach().to(at::kFloat) : parameter.detach();
    names.push_back(name);
    parameters.push_back(parameter);
    masters.push_back(master);
    moments.push_back(at::zeros_like(master));
    squares.push_back(at::zeros_like(master));
    steps.push_back(at::zeros({}, master.options().dtype(at::kFloat)));
  }
};

struct AdamW::Groups {
  AdamWOptions options;
  std::vector<Group> groups;
};

}  // namespace ifstop::sft
