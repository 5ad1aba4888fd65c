// Curves as an evaluation would have measured them.
#pragma once
#include <cstdint>
#include <vector>

#include "families.hpp"

namespace stopping {

/// How the curves are measured.
struct Conditions {
  int prompts = 200;
  double spacing = 256;    ///< examples between evaluations
  double growth = 1;       ///< each spacing is so many times the one before
  double planned = 20480;  ///< examples
  double common = .01;     ///< standard deviation of what moves all prompts together
  double carry = .7;       ///< its correlation from one evaluation to the next
  double stable = .5;      ///< share of prompts whose outcome depends on the true share alone
};

struct Curve {
  const Family* family = nullptr;
  std::vector<double> examples, truth, to_gain;  ///< to_gain: best truth from here on − the truth here
  std::vector<std::int64_t> successes;
  std::int64_t trials = 0;
  std::size_t plateau = 0;  ///< first evaluation with at most `margin` to gain
};

inline constexpr double margin = .03;

/// `count` curves of every family that `tuned` selects.
std::vector<Curve> simulate(const Conditions& conditions, bool tuned, int count, std::uint64_t seed);

}  // namespace stopping
