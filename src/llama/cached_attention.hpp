// The two ways in which tokens meet the key-value cache: whole prompts go in, single tokens read it. Any
// device, any type. Heavy (LibTorch).
#pragma once
#include <cstdint>
#include <vector>

#include "llama/kv_cache.hpp"
#include "llama/modules.hpp"

namespace ifstop::llama {

/// Prompts laid end to end attend to themselves and are stored in the rows from `first_row` on, one a
/// segment.
class PrefillAttend : public Attend {
 public:
  PrefillAttend(KvCache& cache, std::int64_t first_row, const std::vector<std::int64_t>& lengths);
  at::Tensor attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  KvCache& cache_;
  PackedAttend packed_;
  at::Tensor places_;
};

/// One new token for each of the rows 0 … N - 1, at its own position: stored, then attending to its row up to
/// itself.
class DecodeAttend : public Attend {
 public:
  DecodeAttend(KvCache& cache, const at::Tensor& positions);  // [N] int64, CPU
  at::Tensor attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  KvCache& cache_;
  std::int64_t longest_;  // tokens of the longest row, the new one included
  at::Tensor places_;
  at::Tensor mask_;  // [N, 1, 1, longest] true where a token is seen; undefined where all are
};

}  // namespace ifstop::llama
