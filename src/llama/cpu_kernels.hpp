// Small fp32 kernels for decoding on a CPU: what lies between the matrix products, each in one pass.
#pragma once
#include <cstdint>

namespace ifstop::llama::cpu {

/// Index of the largest of `size` numbers (at least 1), the first where several are; NaNs count as smallest.
std::int64_t argmax(const float* x, std::int64_t size);

/// x += delta (where delta is not null), out = x / rms(x) * weight. One row of `size`.
void add_rms_norm(float* x, const float* delta, const float* weight, float eps, std::int64_t size,
                  float* out);

/// out = silu(gate) * up, `size` numbers each.
void swiglu(const float* gate, const float* up, std::int64_t size, float* out);

/// (a, b) -> (a cos - b sin, b cos + a sin) for halves a and b of `half` numbers each, times `scale`.
void rotate(const float* x, const float* cos, const float* sin, std::int64_t half, float scale, float* out);

/// Attention of one token's query heads that share a key-value head.
struct GroupQuery {
  const float* q;       ///< [heads, dim], rotated and scaled
  const float* keys;    ///< [tokens, dim]
  const float* values;  ///< [tokens, dim]
  std::int64_t heads, tokens, dim;
  float* scores;  ///< room for [heads, tokens]
  float* out;     ///< [heads, dim]
};
void attend(const GroupQuery& group);

}  // namespace ifstop::llama::cpu
