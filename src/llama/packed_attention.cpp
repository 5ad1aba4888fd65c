// Attention within the segments of a packed batch: gathered into rows padded on the right, where causality
// alone keeps the padding out, so that no mask is needed.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "llama/modules.hpp"

namespace ifstop::llama {

at::Tensor grouped_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal,
                             const at::Tensor& mask) {
  const auto attn_mask = mask.defined() ? std::optional<at::Tensor>(mask) : std::nullopt;
  const auto repeats = q.size(1) / k.size(1);
  if (repeats == 1) return at::scaled_dot_product_attention(q, k, v, attn_mask, 0.0, causal);
  if (q.is_cuda())
    return at::scaled_dot_product_attention(q, k, v, attn_mask, 0.0, causal, std::nullopt, true);
  // The CPU's fused kernel takes no groups.
  const auto repeat = [&](const at::Tensor& x) {
    return x.unsqueeze(2).expand({-1, -1, repeats, -1, -1}).flatten(1, 2);
  };
  return at::scaled_dot_product_attention(q, repeat(k), repeat(v), attn_mask, 0.0, causal);
}

at::Tensor packed_positions(const std::vector<std::int64_t>& lengths) {
  std::int64_t total = 0;
  for (auto length : lengths) total += length;
  auto positions = at::empty({total}, at::kLong);
  auto* out = positions.mutable_data_ptr<std::int64_t>();
  for (auto length : lengths)
    for (std::int64_t i = 0; i < length; ++i) *out++ = i;
  return positions;
}

void check_batch(const PackedBatch& batch, const LlamaConfig& config) {
  std::int64_t total = 0;
  for (auto length : batch.lengths) {
    if (length < 1)
      throw std::invalid_argument(fmt::format("PackedBatch: lengths holds {}, below 1", length));
    if (length > config.max_position_embeddings)
      throw std::invalid_argument(
          fmt::format("PackedBatch: a segment of {} tokens is longer than max_position_embeddings = {}",
                      length, config.max_position_embeddings));
    total += length;
  }
  const auto tokens = static_cast<std::int64_t>(batch.tokens.size());
  if (tokens == 0) throw std::invalid_argument("PackedBatch: no tokens");
  if (total != tokens)
    throw std::invalid_argument(
        fmt::format("PackedBatch: lengths sum to {}, but there are {} tokens", total, tokens));
  if (!batch.targets.empty() && batch.targets.size() != batch.tokens.size())
    throw std::invalid_argument(
        fmt::format("PackedBatch: {} targets for {} tokens", batch.targets.size(), tokens));
  for (auto token : batch.tokens)
    if (token < 0 || token >= config.vocab_size)
      throw std::invalid_argument(
          fmt::format("PackedBatch: token {} is outside the vocabulary of {}", token, config.vocab_size));
}

PackedAttend::PackedAttend(std::vector<std::int64_t> lengths, c10::Device device)
    : lengths_(std::move(lengths)) {
  longest_ = *std::max_element(lengths_.begin(), lengths_.end());
  equal_ = *std::min_element(lengths_.begin(), lengths_.end()) == longest_;
  if (equal_ || device.is_cpu()) return;
  std::vector<std::int64_t> gather, scatter;
  std::int64_t first = 0;
  for (auto length : lengths_) {
    for (std::int64_t i = 0; i < longest_; ++i) {
      if (i < length) scatter.push_back(static_cast<std::int64_t>(gather.size()));
      gather.push_back(first + std::min(i, length - 1));
    }
    first += length;
  }
  gather_ = at::tensor(gather, at::kLong).to(device);
  scatter_ = at::tensor(scatter, at::kLong).to(device);
}

at::Tensor PackedAttend::attend(std::int64_t, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  if (equal_) return rows(q, k, v);
  if (!gather_.defined()) return one_by_one(q, k, v);
  return rows(q.index_select(0, gather_), k.index_select(0, gather_), v.index_select(0, gather_))
      .index_select(0, scatter_);
}

at::Tensor PackedAttend::rows(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) const {
  const auto segments = static_cast<std::int64_t>(lengths_.size());
  const auto row = [&](const at::Tensor& x) {  // [S * L, heads, D] -> [S, heads, L, D]
    return x.unflatten(0, {segments, longest_}).transpose(1, 2);
  };
  return grouped_attention(row(q), row(k), row(v), /*causal=*/true).transpose(1, 2).flatten(2).flatten(0, 1);
}

at::Tensor PackedAttend::one_by_one(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) const {
  const auto groups = k.size(1), repeats = q.size(1) / groups;
  const auto queries = q.split_with_sizes(lengths_), keys = k.split_with_sizes(lengths_),
             values = v.split_with_sizes(lengths_);
  // A group is a row of the batch, and its keys are seen by each of its heads without being copied.
  const auto shared = [&](const at::Tensor& x) {
    return x.transpose(0, 1).unsqueeze(1).expand({-1, repeats, -1, -1});
  };
  std::vector<at::Tensor> out;
  for (std::size_t s = 0; s < lengths_.size(); ++s) {
    const auto grouped = queries[s].transpose(0, 1).unflatten(0, {groups, repeats});  // [G, H / G, L, D]
    const auto seen = at::scaled_dot_product_attention(grouped, shared(keys[s]), shared(values[s]), {}, 0.0,
                                                       /*is_causal=*/true);
    out.push_back(seen.flatten(0, 1).transpose(0, 1).flatten(1));  // [L, H * D]
  }
  return at::cat(out);
}

}  // namespace ifstop::llama
