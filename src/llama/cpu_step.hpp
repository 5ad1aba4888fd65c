// One decoding step in fp32 on a CPU: LibTorch's matrix products, with kernels of our own between them.
// Heavy.
#pragma once
#include <cstdint>

#include "llama/kv_cache.hpp"
#include "llama/modules.hpp"

namespace ifstop::llama {

/// The same numbers as Model::forward with DecodeAttend, up to rounding. Holds tables for one cache.
class CpuStep {
 public:
  CpuStep(Model& model, KvCache& cache);

  /// Whether it can take the model's place: fp32 on the CPU.
  static bool usable(const Model& model);

  /// One new token for each of the rows 0 … N - 1: tokens and positions [N] (int64) -> final hidden states
  /// [N, C].
  at::Tensor hidden(const at::Tensor& tokens, const at::Tensor& positions);

 private:
  at::Tensor attend(std::int64_t layer, const at::Tensor& qkv, const at::Tensor& positions);
  void attend_group(std::int64_t layer, std::int64_t row, std::int64_t group, std::int64_t position,
                    const float* qkv, float* out);

  Model& model_;
  KvCache& cache_;
  Rotation table_;  // of every position in the cache: [T, 1, D / 2]
};

}  // namespace ifstop::llama
