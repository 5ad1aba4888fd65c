// Keys and values of the tokens so far, for a fixed number of rows. Heavy (LibTorch).
//
// Letters: R rows, T tokens a row can hold, G key-value heads, D head_dim.
#pragma once
#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "ifstop/llama/config.hpp"
#include "ifstop/llama/model.hpp"

namespace ifstop::llama {

/// Allocated once; rows that are in use are kept at the front, so that a step reads views and copies nothing.
class KvCache {
 public:
  /// `zeroed` where it will be read through a mask: what the mask hides must still be a number.
  KvCache(const LlamaConfig& config, Placement placement, std::int64_t rows, std::int64_t capacity_tokens,
          bool zeroed);

  /// Bytes that one row takes.
  static std::int64_t row_bytes(const LlamaConfig& config, c10::ScalarType dtype,
                                std::int64_t capacity_tokens);

  at::Tensor& keys(std::int64_t layer) { return keys_[static_cast<std::size_t>(layer)]; }      // [R, G, T, D]
  at::Tensor& values(std::int64_t layer) { return values_[static_cast<std::size_t>(layer)]; }  // [R, G, T, D]

  /// Where the keys of given tokens go: rows and positions [N] (int64, CPU) -> [N * G] places, on the cache's
  /// device.
  at::Tensor places(const at::Tensor& rows, const at::Tensor& positions) const;

  /// Stores k and v [N, G, D] at their places().
  void store(std::int64_t layer, const at::Tensor& places, const at::Tensor& k, const at::Tensor& v);

  /// Copies the first `tokens` of a row over another.
  void copy_row(std::int64_t from, std::int64_t to, std::int64_t tokens);

  std::int64_t rows() const { return keys_.front().size(0); }
  std::int64_t capacity() const { return keys_.front().size(2); }

 private:
  std::vector<at::Tensor> keys_, values_;
};

}  // namespace ifstop::llama
