// Token sequences laid end to end: how all training and prefilling runs, without padding.
#pragma once
#include <cstdint>
#include <vector>

namespace ifstop {

/// Several segments in one flat stream. Positions restart at 0 in each segment and none attends to another.
struct PackedBatch {
  std::vector<std::int64_t> tokens;   ///< [T] token ids
  std::vector<std::int64_t> lengths;  ///< tokens in each segment, every one at least 1; they sum to T
  std::vector<std::int64_t>
      targets;  ///< [T] the token to predict at i, or ignored; may be empty where no loss is taken

  static constexpr std::int64_t ignored = -100;
};

}  // namespace ifstop
