#include "ifstop/sft/loss.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "ifstop/llama/model.hpp"
#include "llama/modules.hpp"

namespace ifstop::sft {
namespace {

// Letters: N rows with a target, C hidden_size, V vocab_size, R rows of a chunk.
class ChunkedCrossEntropy : public torch::autograd::Function<ChunkedCrossEntropy> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& hidden,
                            const at::Tensor& weight, const at::Tensor& targets, double scale,
                            std::int64_t rows, bool learn) {
    at::Tensor loss = at::zeros({}, hidden.options().dtype(at::kFloat));
    at::Tensor grad_hidden = learn ? at::empty_like(hidden) : at::Tensor();  // [N, C]
    at::Tensor grad_weight;                                                  // [V, C]
    for (std::int64_t begin = 0; begin < hidden.size(0); begin += rows) {
      const std::int64_t end = std::min(begin + rows, hidden.size(0));
      const at::Tensor h = hidden.slice(0, begin, end);                          // [R, C]
      const at::Tensor target = targets.slice(0, begin, end).unsqueeze(1);       // [R, 1]
      at::Tensor log_p = at::log_softmax(at::mm(h, weight.t()), 1, at::kFloat);  // [R, V]
      loss.sub_(log_p.gather(1, target).sum(), scale);
      if (!learn) continue;
      log_p.exp_()
          .scatter_add_(1, target, at::full_like(target, -1, log_p.options()))
          .mul_(scale);  // d loss / d logits
      const at::Tensor grad = log_p.to(weight.scalar_type());
      grad_hidden.slice(0, begin, end).copy_(at::mm(grad, weight));
      const at::Tensor part = at::mm(grad.t(), h).to(weight.scalar_type());
      grad_weight = grad_weight.defined() ? grad_weight.add_(part) : part;
    }
    context->save_for_backward({grad_hidden, grad_weight});
    return loss;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& upstream) {
    const auto saved = context->get_saved_variables();
    // upstream is 1 unless the caller scaled the loss.
    return {saved[0] * upstream[0].to(saved[0].scalar_type()),
            saved[1] * upstream[0].to(saved[1].scalar_type()),
            at::Tensor(),
            at::Tensor(),
            at::Tensor(),
            at::Tensor()};
  }
};

}  // namespace

std::int64_t target_count(const PackedBatch& batch) {
  return static_cast<std::int64_t>(batch.targets.size()) -
         std::count(batch.targets.begin(), batch.targets.end(), PackedBatch::ignored);
}

at::Tensor cross_entropy(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets,
                         const LossOptions& options) {
  if (options.divisor_tokens < 0)
    throw std::invalid_argument(
        fmt::format("divisor_tokens = {}: must be 0 (this batch's targets) or more", options.divisor_tokens));
  if (options.max_logits < 1)
    throw std::invalid_argument(fmt::format("max_logits = {}: must be 1 or more", options.max_logits));
  const std::int64_t divisor = options.divisor_tokens > 0 ? options.divisor_tokens : targets.size(0);
  const std::int64_t rows = std::max<std::int64_t>(1, options.max_logits / weight.size(0));
  const bool learn = at::GradMode::is_enabled() && (hidden.requires_grad() || weight.requires_grad());
  return ChunkedCrossEntropy::apply(hidden, weight, targets, 1.0 / static_cast<double>(divisor), rows, learn);
}

at::Tensor answer_loss(Llama& model, const PackedBatch& batch, const LossOptions& options) {
  std::vector<std::int64_t> rows, targets;
  for (std::size_t i = 0; i < batch.targets.size(); ++i) {
    if (batch.targets[i] == PackedBatch::ignored) continue;
    rows.push_back(static_cast<std::int64_t>(i));
    targets.push_back(batch.targets[i]);
  }
  if (rows.empty()) throw std::invalid_argument("the batch has no target: there is no loss to take");
  const at::Tensor hidden = model.hidden(batch);                             // [T, C]
  const at::Tensor index = at::tensor(rows, at::kLong).to(hidden.device());  // [N]
  const at::Tensor target = at::tensor(targets, at::kLong).to(hidden.device());
  const llama::Model& modules = model.model();
  const at::Tensor& vocabulary = modules.lm_head ? modules.lm_head->weight : modules.embed_tokens->weight;
  return cross_entropy(hidden.index_select(0, index), vocabulary, target, options);
}

}  // namespace ifstop::sft
