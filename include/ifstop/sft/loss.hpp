// Cross-entropy of the answers, computed only where there is a target.
#pragma once
#include <cstdint>

#include "ifstop/llama/batch.hpp"

namespace at {
class Tensor;
}

namespace ifstop {
class Llama;
}

namespace ifstop::sft {

/// Positions of the batch that have a target.
std::int64_t target_count(const PackedBatch& batch);

struct LossOptions {
  /// What the sum over targets is divided by. 0 = the batch's own targets (their mean). With gradient
  /// accumulation: the targets of the whole window, so that every answer token counts the same however the
  /// batches are cut.
  std::int64_t divisor_tokens = 0;
  std::int64_t max_logits = std::int64_t{1} << 22;  ///< logits held at once, in elements; at least one row
};

/// −1/divisor · Σ log softmax(hidden · Wᵀ)[target], a scalar in fp32 with gradients (call backward on it).
/// The rows with a target are selected before the product with the vocabulary, and go through it in chunks
/// whose gradient is taken on the spot: neither the logits [T, V] nor their gradient ever exist whole.
/// Softmax in fp32 whatever the model's type. Throws std::invalid_argument where the batch has no target.
at::Tensor answer_loss(Llama& model, const PackedBatch& batch, const LossOptions& options = {});

/// The same from hidden states [N, C], the vocabulary's weights [V, C] and targets [N] (int64, none ignored).
at::Tensor cross_entropy(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets,
                         const LossOptions& options = {});

}  // namespace ifstop::sft
