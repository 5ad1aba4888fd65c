// Random numbers for shuffles: the same on every machine and compiler, a few lines, no global state.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ifstop::sft {

/// SplitMix64 (Steele, Lea and Flood, 2014). std::shuffle and the std distributions differ between standard
/// libraries; a run must repeat exactly, so they are not used.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// 64 random bits.
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  /// A number below `bound` (> 0), each equally likely: draws in the incomplete last stretch are thrown away.
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t rejected = (0 - bound) % bound;
    for (;;)
      if (const std::uint64_t draw = next(); draw >= rejected) return draw % bound;
  }

 private:
  std::uint64_t state_;
};

/// 0 … count-1 in the order of one epoch: a pure function of seed and epoch, so that a resumed run needs no
/// stored order.
inline std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  Random mix(seed);
  Random random(mix.next() ^ Random(static_cast<std::uint64_t>(epoch)).next());
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace ifstop::sft
