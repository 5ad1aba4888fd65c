// The scores of one evaluation, each with its interval.
#pragma once
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "ifstop/score/tally.hpp"

namespace ifstop {

/// One share with its 95 % interval (NaN when not measured).
struct Score {
  Tally tally;
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();

  double value() const { return tally.value(); }
  bool measured() const { return tally.trials > 0; }
};

/// Names of the scores in the order in which people see them; `correct` only where answers are known.
inline constexpr std::array<std::string_view, 9> score_names{
    "ifs", "ifs_partial", "ifs_full", "ifs_strict", "run_on", "eos", "truncated", "objecqa", "correct"};

/// Scores by name: those of score_names and any that a user adds.
using Scores = std::map<std::string, Score, std::less<>>;

}  // namespace ifstop
