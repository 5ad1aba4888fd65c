// One point of the curve a stopping rule watches.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "ifstop/score/scores.hpp"

namespace ifstop {

/// What was known after one evaluation. Time is passed in; nothing here reads a clock.
struct Evaluation {
  std::int64_t step = 0;              ///< optimiser steps taken
  std::int64_t examples = 0;          ///< training examples seen
  std::int64_t tokens = 0;            ///< training tokens seen, 0 where not counted
  std::int64_t planned_examples = 0;  ///< examples at the planned end, 0 where unknown
  double seconds = 0;                 ///< since the run began
  double seconds_eval = 0;            ///< this evaluation alone
  std::int64_t prompts = 0;           ///< prompts completed
  Scores scores;
  std::map<std::string, double, std::less<>> values;  ///< metrics that are no shares, such as eval_loss
};

}  // namespace ifstop
