// From logits to the next tokens. Heavy (LibTorch).
#pragma once
#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

namespace ifstop::llama {

/// What decides a row's random number: nothing but its prompt's seed and how many tokens it has.
struct Draw {
  std::uint64_t seed = 0;
  std::uint64_t position = 0;
};

/// The most likely token of each row of logits [N, V]; the lowest id where several are.
std::vector<std::int64_t> most_likely(const at::Tensor& logits);

/// A token for each row of logits [N, V], drawn at `temperature` (above 0) from the smallest set of most
/// likely tokens that holds the mass `top_p` (above 0; 1 = all). One draw a row.
std::vector<std::int64_t> sample(const at::Tensor& logits, double temperature, double top_p,
                                 std::span<const Draw> draws);

/// The same for one row of probabilities and a number in [0, 1). Tokens of equal probability count by id.
std::int64_t sample_row(std::span<const float> probabilities, double top_p, double uniform);

}  // namespace ifstop::llama
