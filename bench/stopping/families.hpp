// Families of learning curves whose truth is known.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "random.hpp"

namespace stopping {

/// The true share after so many examples, of full prompts and of fragments (half of the prompts each).
struct Truth {
  std::function<double(double)> full, partial;
  double operator()(double examples) const { return (full(examples) + partial(examples)) / 2; }
};

struct Family {
  std::string name;
  bool rises;  ///< false: flat or already high, where no stop is too early
  bool tuned;  ///< used for tuning
  std::function<Truth(Random&)> make;
};

/// All families, in the order of the table.
const std::vector<Family>& families();

}  // namespace stopping
