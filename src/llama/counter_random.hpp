// Random numbers without state: a pure function of a seed and a position.
#pragma once
#include <cstdint>

namespace ifstop::llama {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits that mixes well.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// Uniform in [0, 1), 53 bits; the same on every machine.
constexpr double uniform(std::uint64_t seed, std::uint64_t position) {
  constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ULL;
  const auto bits = mix64(mix64(seed + golden) + golden * (position + 1));
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

}  // namespace ifstop::llama
