// The interface of every stopping rule.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "ifstop/stop/decision.hpp"
#include "ifstop/stop/evaluation.hpp"

namespace ifstop {

/// A rule is a pure step: no printing, no clock, no file. Bad options throw std::invalid_argument at
/// construction, naming field and value. Once it has said stop it keeps saying so until reset.
class Rule {
 public:
  virtual ~Rule() = default;

  /// Takes one evaluation. Evaluations that are not later than the last one, or that lack the watched metric,
  /// or whose value is not finite, change nothing but are named in the answer's reason.
  virtual Decision observe(const Evaluation& evaluation) = 0;

  /// Back to the state after construction.
  virtual void reset() = 0;

  /// Everything needed to go on later as if never interrupted, configuration included, as text (lines `key
  /// value`, numbers at round-trip precision).
  virtual std::string state() const = 0;

  /// Takes what state() gave. Throws std::invalid_argument, with nothing changed, where the text is malformed
  /// or was written under another configuration (the message names the option and both values).
  virtual void restore(std::string_view state) = 0;

  /// Short name, as in `ifstop replay --rule`.
  virtual std::string name() const = 0;
};

using RulePtr = std::unique_ptr<Rule>;

}  // namespace ifstop
