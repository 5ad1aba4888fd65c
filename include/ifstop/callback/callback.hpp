// The base class of everything that hooks into a training loop.
#pragma once
#include <string>
#include <string_view>

#include "ifstop/callback/event.hpp"
#include "ifstop/stop/decision.hpp"

namespace ifstop {

/// Override the hooks you need. A hook returns a decision; acting on it (leaving the loop, saving, printing)
/// is the trainer's. Hooks are called on every process of a distributed run, in the same order with the same
/// events.
class Callback {
 public:
  virtual ~Callback() = default;

  /// Once, before the first step of a run or of its resumption. A run that had already stopped answers stop
  /// here.
  virtual Decision on_run_begin(const RunBegin&) { return {}; }

  /// After every optimiser step.
  virtual Decision on_step_end(const StepEnd&) { return {}; }

  /// Once, after the last step.
  virtual Decision on_run_end(const RunEnd&) { return {}; }

  /// Everything needed to go on later as if never interrupted, as text. Save it after the hook of the step
  /// that the checkpoint is of, together with the weights.
  virtual std::string state() const { return {}; }

  /// Takes what state() gave. Throws std::invalid_argument, with nothing changed, where it does not fit.
  virtual void restore(std::string_view) {}
};

}  // namespace ifstop
