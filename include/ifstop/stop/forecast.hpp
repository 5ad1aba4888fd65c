// What a rule with a model of the future expects.
#pragma once
#include <cstdint>

namespace ifstop {

/// What is still to come, as gain over the value now.
struct Forecast {
  double probability = 1;              ///< that more than the margin is still to gain
  double gain = 0, low = 0, high = 1;  ///< expected gain and its central 95 % interval
  double examples = 0;                 ///< further examples until nine tenths of the expected gain
};

}  // namespace ifstop
