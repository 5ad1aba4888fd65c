#include "ifstop/sft/optimizer.hpp"

#include "sft/optimizer_problem.hpp"
#include "support/catch.hpp"

using namespace ifstop::sft;
using namespace ifstop_test;

CATCH_TEST_CASE("steps equal torch::optim::AdamW with weight decay on matrices only") {
  auto ours = parameters(), theirs = parameters();
  AdamW optimizer(ours, {.weight_decay = 0.1});
  using torch::optim::AdamWOptions;
  auto decayed = std::make_unique<AdamWOptions>(0.01), plain = std::make_unique<AdamWOptions>(0.01);
  decayed->weight_decay(0.1);
  plain->weight_decay(0);
  torch::optim::AdamW reference({torch::optim::OptimizerParamGroup({theirs[0].second}, std::move(decayed)),
                                 torch::optim::OptimizerParamGroup({theirs[1].second}, std::move(plain))},
                                AdamWOptions(0.01));
  for (int i = 0; i < 20; ++i) {
    set_gradients(theirs);
    reference.step();
  }
  train(optimizer, ours, 20);
  for (int i : {0, 1}) CATCH_CHECK((ours[i].second - theirs[i].second).abs().max().item<double>() < 1e-6);
}

CATCH_TEST_CASE("gradients are gone after a step; a parameter without one stays as it is") {
  auto all = parameters();
  AdamW optimizer(all, {.weight_decay = 0.1});
  all[0].second.mutable_grad() = torch::ones({3, 4});
  const at::Tensor before = all[1].second.detach().clone();
  optimizer.step(0.01);
  CATCH_CHECK_FALSE(all[0].second.grad().defined());
  CATCH_CHECK(at::equal(all[1].second, before));
}

CATCH_TEST_CASE("clipping scales all gradients to the global norm, and only where it is too large") {
  auto all = parameters();
  AdamW optimizer(all);
  const auto set = [&](double matrix, double norm) {
    all[0].second.mutable_grad() = torch::full({3, 4}, matrix);
    all[1].second.mutable_grad() = torch::full({4}, norm);
  };
  set(1, 1);  // 16 ones: norm 4
  CATCH_CHECK(optimizer.clip(1.0) == Approx(4));
  CATCH_CHECK(all[0].second.grad().max().item<double>() == Approx(.25));
  CATCH_CHECK(all[1].second.grad().max().item<double>() == Approx(.25));
  CATCH_CHECK(optimizer.clip(2.0) == Approx(1));  // small enough: untouched
  CATCH_CHECK(all[1].second.grad().max().item<double>() == Approx(.25));
  set(1, 1);
  CATCH_CHECK(optimizer.clip(0) == Approx(4));  // 0 = measure only
  CATCH_CHECK(all[0].second.grad().max().item<double>() == 1);
  set(std::numeric_limits<double>::quiet_NaN(), 1);
  CATCH_CHECK(std::isnan(optimizer.clip(1.0)));
}

CATCH_TEST_CASE("bf16 weights are tuned through an fp32 master: steps too small for bf16 add up") {
  auto all = parameters(at::kBFloat16);
  all[0].second.data().fill_(1.0);
  AdamW optimizer(all);
  for (int i = 0; i < 64; ++i) {
    all[0].second.mutable_grad() = torch::ones({3, 4}, at::kBFloat16);
    optimizer.step(1e-3);  // one bf16 step below 1 is 0.0039
  }
  CATCH_CHECK(all[0].second.scalar_type() == at::kBFloat16);
  CATCH_CHECK(all[0].second[0][0].item<double>() == Approx(1 - 0.064).margin(0.004));
}

CATCH_TEST_CASE("AdamW: bad options are refused with field and value") {
  const auto make = [](AdamWOptions options) { return AdamW(parameters(), options); };
  CATCH_CHECK_THROWS_WITH(make({.beta1 = 1}), "adam_beta1 = 1: must be at least 0 and below 1");
  CATCH_CHECK_THROWS_WITH(make({.beta2 = -1}), "adam_beta2 = -1: must be at least 0 and below 1");
  CATCH_CHECK_THROWS_WITH(make({.epsilon = 0}), "adam_epsilon = 0: must be above 0");
  CATCH_CHECK_THROWS_WITH(make({.weight_decay = -0.1}), "weight_decay = -0.1: must be 0 or more");
  CATCH_CHECK_THROWS_WITH(AdamW(Parameters{}), "no parameter: there is nothing to tune");
  auto all = parameters();
  CATCH_CHECK_THROWS_WITH(AdamW(all).clip(-1), "max_grad_norm = -1: must be 0 (off) or more");
}
