#include "ifstop/sft/loss.hpp"

#include <torch/torch.h>

#include "ifstop/llama/model.hpp"
#include "support/catch.hpp"

using namespace ifstop;
using namespace ifstop::sft;

namespace {

struct Problem {
  at::Tensor hidden = torch::randn({7, 5}), weight = torch::randn({11, 5}),
             targets = torch::randint(11, {7}, at::kLong);

  Problem() {
    hidden.requires_grad_();
    weight.requires_grad_();
  }
};

double largest(const at::Tensor& difference) {
  return difference.abs().max().item<double>();
}

LlamaConfig small() {
  LlamaConfig config;
  config.vocab_size = 31;
  config.hidden_size = 16;
  config.intermediate_size = 24;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  config.tie_word_embeddings = true;
  return config;
}

}  // namespace

CATCH_TEST_CASE("loss and gradients equal LibTorch's cross_entropy, for any chunk size") {
  torch::manual_seed(1);
  Problem problem;
  const at::Tensor expected =
      at::cross_entropy_loss(at::mm(problem.hidden, problem.weight.t()), problem.targets);
  const auto grads = torch::autograd::grad({expected}, {problem.hidden, problem.weight});
  for (const std::int64_t max_logits : {1, 22, 33, 1'000'000}) {  // 1, 2, 3 and all rows at a time
    const at::Tensor loss =
        cross_entropy(problem.hidden, problem.weight, problem.targets, {.max_logits = max_logits});
    const auto ours = torch::autograd::grad({loss}, {problem.hidden, problem.weight});
    CATCH_CHECK(loss.item<double>() == Approx(expected.item<double>()).epsilon(1e-6));
    CATCH_CHECK(largest(ours[0] - grads[0]) < 1e-6);
    CATCH_CHECK(largest(ours[1] - grads[1]) < 1e-6);
  }
}

CATCH_TEST_CASE("without gradients only the value is computed; a scaled loss has scaled gradients") {
  torch::manual_seed(2);
  Problem problem;
  const at::Tensor loss = cross_entropy(problem.hidden, problem.weight, problem.targets);
  {
    const torch::NoGradGuard no_grad;
    const at::Tensor value = cross_entropy(problem.hidden, problem.weight, problem.targets);
    CATCH_CHECK_FALSE(value.requires_grad());
    CATCH_CHECK(value.item<double>() == loss.item<double>());
  }
  const auto once = torch::autograd::grad({loss}, {problem.hidden}, {}, /*retain_graph=*/true);
  const auto thrice = torch::autograd::grad({loss * 3}, {problem.hidden});
  CATCH_CHECK(largest(thrice[0] - once[0] * 3) < 1e-6);
}

CATCH_TEST_CASE("the softmax is fp32 also where hidden states and weights are bf16") {
  torch::manual_seed(3);
  Problem problem;
  const at::Tensor hidden = problem.hidden.detach().to(at::kBFloat16),
                   weight = problem.weight.detach().to(at::kBFloat16);
  const at::Tensor loss = cross_entropy(hidden, weight, problem.targets);
  CATCH_CHECK(loss.scalar_type() == at::kFloat);
  CATCH_CHECK(
      loss.item<double>() ==
      Approx(
          at::cross_entropy_loss(at::mm(hidden, weight.t()).to(at::kFloat), problem.targets).item<double>()));
}

CATCH_TEST_CASE("a model's loss is that of its logits at the targets, and nothing else has a gradient path") {
  Llama model(small(), {}, 5);
  PackedBatch batch{{1, 5, 6, 7, 1, 8, 9}, {4, 3}, {-100, -100, 7, 2, -100, 9, 2}};
  CATCH_CHECK(target_count(batch) == 4);
  const at::Tensor loss = answer_loss(model, batch);
  const at::Tensor logits = model.logits(model.hidden(batch));  // [7, 31]
  const at::Tensor expected = at::cross_entropy_loss(logits, torch::tensor(batch.targets, at::kLong));
  CATCH_CHECK(loss.item<double>() == Approx(expected.item<double>()).epsilon(1e-6));
  loss.backward();
  for (const at::Tensor& parameter : model.parameters()) CATCH_CHECK(parameter.grad().defined());
}

CATCH_TEST_CASE("accumulated over uneven batches the gradient is that of one batch of all") {
  // The mean of means would weigh the two targets of the second batch more than those of the first.
  Llama model(small(), {}, 6);
  const PackedBatch first{{1, 5, 6, 7}, {4}, {-100, 6, 7, 2}}, second{{1, 8, 9}, {3}, {-100, -100, 2}};
  const PackedBatch both{{1, 5, 6, 7, 1, 8, 9}, {4, 3}, {-100, 6, 7, 2, -100, -100, 2}};
  const std::int64_t tokens = target_count(first) + target_count(second);
  at::Tensor part = answer_loss(model, first, {.divisor_tokens = tokens});
  part.backward();
  answer_loss(model, second, {.divisor_tokens = tokens}).backward();
  std::vector<at::Tensor> accumulated;
  for (at::Tensor parameter : model.parameters()) {
    accumulated.push_back(parameter.grad().clone());
    parameter.mutable_grad() = at::Tensor();
  }
  answer_loss(model, both).backward();
  const auto parameters = model.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i)
    CATCH_CHECK(largest(parameters[i].grad() - accumulated[i]) < 1e-6);
}

CATCH_TEST_CASE("a batch without targets, and options of no sense, are refused") {
  Llama model(small(), {}, 7);
  CATCH_CHECK_THROWS_WITH(answer_loss(model, {{1, 2}, {2}, {-100, -100}}),
                          "the batch has no target: there is no loss to take");
  CATCH_CHECK_THROWS_WITH(answer_loss(model, {{1, 2}, {2}, {2, 2}}, {.divisor_tokens = -1}),
                          "divisor_tokens = -1: must be 0 (this batch's targets) or more");
  CATCH_CHECK_THROWS_WITH(answer_loss(model, {{1, 2}, {2}, {2, 2}}, {.max_logits = 0}),
                          "max_logits = 0: must be 1 or more");
}
