#include "llama/kv_cache.hpp"

namespace ifstop::llama {

KvCache::KvCache(const LlamaConfig& config, Placement placement, std::int64_t rows,
                 std::int64_t capacity_tokens, bool zeroed) {
  const auto options = at::TensorOptions(placement.device).dtype(placement.dtype);
  const std::vector<std::int64_t> shape{rows, config.num_key_value_heads, capacity_tokens, config.head_dim};
  for (std::int64_t layer = 0; layer < config.num_hidden_layers; ++layer) {
    keys_.push_back(zeroed ? at::zeros(shape, options) : at::empty(shape, options));
    values_.push_back(zeroed ? at::zeros(shape, options) : at::empty(shape, options));
  }
}

std::int64_t KvCache::row_bytes(const LlamaConfig& config, c10::ScalarType dtype,
                                std::int64_t capacity_tokens) {
  return 2 * config.num_hidden_layers * config.num_key_value_heads * capacity_tokens * config.head_dim *
         static_cast<std::int64_t>(c10::elementSize(dtype));
}

at::Tensor KvCache::places(const at::Tensor& rows, const at::Tensor& positions) const {
  const auto groups = keys_.front().size(1);
  const auto group = at::arange(groups, at::kLong);      // [G]
  const auto line = rows.unsqueeze(1) * groups + group;  // [N, G]
  return (line * capacity() + positions.unsqueeze(1)).flatten().to(keys_.front().device());
}

void KvCache::store(std::int64_t layer, const at::Tensor& places, const at::Tensor& k, const at::Tensor& v) {
  keys(layer).flatten(0, 2).index_copy_(0, places, k.flatten(0, 1));
  values(layer).flatten(0, 2).index_copy_(0, places, v.flatten(0, 1));
}

void KvCache::copy_row(std::int64_t from, std::int64_t to, std::int64_t tokens) {
  for (auto* tensors : {&keys_, &values_})
    for (auto& tensor : *tensors)
      tensor.select(0, to).narrow(1, 0, tokens).copy_(tensor.select(0, from).narrow(1, 0, tokens));
}

}  // namespace ifstop::llama
