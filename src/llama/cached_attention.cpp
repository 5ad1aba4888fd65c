#include "llama/cached_attention.hpp"

namespace ifstop::llama {
namespace {

at::Tensor segment_rows(std::int64_t first_row, const std::vector<std::int64_t>& lengths) {
  const auto segments = static_cast<std::int64_t>(lengths.size());
  return at::repeat_interleave(at::arange(first_row, first_row + segments, at::kLong),
                               at::tensor(lengths, at::kLong));
}

}  // namespace

PrefillAttend::PrefillAttend(KvCache& cache, std::int64_t first_row, const std::vector<std::int64_t>& lengths)
    : cache_(cache),
      packed_(lengths, cache.keys(0).device()),
      places_(cache.places(segment_rows(first_row, lengths), packed_positions(lengths))) {}

at::Tensor PrefillAttend::attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                                 const at::Tensor& v) {
  cache_.store(layer, places_, k, v);
  return packed_.attend(layer, q, k, v);
}

DecodeAttend::DecodeAttend(KvCache& cache, const at::Tensor& positions)
    : cache_(cache),
      longest_(positions.max().item<std::int64_t>() + 1),
      places_(cache.places(at::arange(positions.size(0), at::kLong), positions)) {
  if (positions.min().item<std::int64_t>() + 1 == longest_) return;
  mask_ = (at::arange(longest_, at::kLong) <= positions.unsqueeze(1))
              .unsqueeze(1)
              .unsqueeze(1)
              .to(places_.device());
}

at::Tensor DecodeAttend::attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                                const at::Tensor& v) {
  cache_.store(layer, places_, k, v);
  const auto rows = q.size(0), groups = k.size(1), dim = q.size(2);
  const auto seen = [&](at::Tensor& cached) { return cached.narrow(0, 0, rows).narrow(2, 0, longest_); };
  // The heads that share keys stand in the place of successive queries: no key is repeated.
  const auto mask = mask_.defined() ? std::optional<at::Tensor>(mask_) : std::nullopt;
  return at::scaled_dot_product_attention(q.reshape({rows, groups, -1, dim}), seen(cache_.keys(layer)),
                                          seen(cache_.values(layer)), mask)
      .reshape({rows, -1});
}

}  // namespace ifstop::llama
