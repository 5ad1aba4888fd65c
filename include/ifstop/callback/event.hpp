// What a trainer tells its callbacks: one struct per hook, every field with a default.
#pragma once
#include <cstdint>
#include <string_view>

namespace ifstop {

/// What the run is going to be. 0 = unknown.
struct Plan {
  std::int64_t steps = 0;            ///< optimiser steps
  std::int64_t examples = 0;         ///< training examples
  std::int64_t tokens = 0;           ///< training tokens
  std::int64_t steps_per_epoch = 0;  ///< optimiser steps an epoch; needed for intervals such as "1ep"
  double seconds = 0;                ///< time of training alone, evaluations not counted
};

/// Before the first step, once; on a resumed run after restore(), with the progress it goes on from.
struct RunBegin {
  std::int64_t step = 0;
  std::int64_t examples = 0;
  std::int64_t tokens = 0;
  Plan plan;
};

/// After every optimiser step, weights updated. Counts are totals since the run began, resumed or not.
struct StepEnd {
  std::int64_t step = 0;
  std::int64_t examples = 0;
  std::int64_t tokens = 0;
  bool last = false;  ///< known to be the last step; also true on its own where step reaches Plan::steps
};

/// Why a run ends.
enum class RunOutcome {
  finished,   ///< the data or the planned steps are used up
  stopped,    ///< a decision stopped it
  preempted,  ///< it was told to go and will be resumed
  failed,     ///< an error
};

/// "finished", "stopped", "preempted", "failed".
constexpr std::string_view to_string(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::finished:
      return "finished";
    case RunOutcome::stopped:
      return "stopped";
    case RunOutcome::preempted:
      return "preempted";
    case RunOutcome::failed:
      break;
  }
  return "failed";
}

/// After the last step, once, however the run ends.
struct RunEnd {
  std::int64_t step = 0;
  std::int64_t examples = 0;
  std::int64_t tokens = 0;
  RunOutcome outcome = RunOutcome::finished;
};

}  // namespace ifstop
