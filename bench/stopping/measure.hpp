// What a rule does on curves whose truth is known.
#pragma once
#include <array>
#include <map>
#include <string>
#include <vector>

#include "simulate.hpp"

namespace stopping {

/// Of the curves of one family, or of all.
struct Tally {
  int curves = 0, rising = 0, early = 0;
  double extra = 0, lost = 0,
         late_evaluations = 0;  ///< sums; extra and late over rising curves not stopped too early
  int not_early = 0;            ///< of the rising ones

  double early_rate() const { return early / static_cast<double>(curves); }
  double early_rate_of_rising() const { return rising > 0 ? early / static_cast<double>(rising) : 0; }
  double mean_extra() const { return not_early > 0 ? extra / not_early : 0; }
  double mean_late() const { return not_early > 0 ? late_evaluations / not_early : 0; }
  double mean_lost() const { return lost / curves; }
};

/// Stated probabilities that more helps, by tenths, against what happened.
struct Calibration {
  std::array<int, 10> count{};
  std::array<double, 10> stated{}, happened{};
};

struct Result {
  Tally all;
  std::map<std::string, Tally> families;
  Calibration calibration;
  std::map<std::string, Calibration> calibration_of;
  long rows = 0;  ///< observed
};

/// A rule as make_rule takes it, over every curve up to its stop.
Result measure(const std::string& rule, const std::vector<Curve>& curves, double planned);

}  // namespace stopping
