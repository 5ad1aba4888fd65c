// What one metric of one evaluation counted.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

namespace ifstop {

/// Successes among trials, and where known each prompt's outcome in the prompt set's order.
struct Tally {
  std::int64_t successes = 0;
  std::int64_t trials = 0;
  std::vector<std::uint8_t> outcomes;  ///< empty, or one 0/1 a trial, the same order at every evaluation

  /// The share, NaN where nothing was measured.
  double value() const {
    return trials > 0 ? static_cast<double>(successes) / static_cast<double>(trials)
                      : std::numeric_limits<double>::quiet_NaN();
  }
  friend bool operator==(const Tally&, const Tally&) = default;
};

}  // namespace ifstop
