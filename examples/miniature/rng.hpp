// A small random number generator of our own: the same draws on every machine and with every standard
// library.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace miniature {

/// SplitMix64. Draws are taken in the order of the statements that ask for them; never two within one
/// expression whose order C++ leaves open.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  /// 0 … n-1, for n below 2^31.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(((next() >> 33) * n) >> 31); }

  /// low … high, both included.
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1)));
  }

  bool chance(double probability) { return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  std::string_view pick(std::initializer_list<std::string_view> from) {
    return from.begin()[below(from.size())];
  }

  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

  /// Two different members.
  template <class T>
  std::pair<T, T> pick_two(const std::vector<T>& from) {
    const std::size_t i = below(from.size());
    std::size_t j = below(from.size() - 1);
    if (j >= i) ++j;
    return {from[i], from[j]};
  }

 private:
  std::uint64_t state_;
};

}  // namespace miniature
