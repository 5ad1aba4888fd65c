// Stops when any of several rules says stop.
#pragma once
#include "ifstop/stop/composite.hpp"

namespace ifstop {

/// Rule, reason and expected gain are those of the first member that says stop; the best evaluation is the
/// first member's. Put the main rule first and limits after it.
class AnyOf : public Composite {
 public:
  explicit AnyOf(std::vector<RulePtr> members, std::string name = "any_of")
      : Composite(std::move(name), std::move(members)) {}

 protected:
  Decision combine(const std::vector<Decision>& decisions) const override;
};

inline Decision AnyOf::combine(const std::vector<Decision>& decisions) const {
  const auto& main = decisions.front();
  Decision decision = main;
  for (const auto& member : decisions) {
    if (!member.stop) continue;
    decision = member;
    decision.rule = fmt::format("{}: {}", name(), member.rule);
    break;
  }
  decision.keep = main.keep, decision.best = main.best;
  decision.best_step = main.best_step, decision.best_examples = main.best_examples;
  if (!decision.stop) decision.rule = name();
  return decision;
}

}  // namespace ifstop
