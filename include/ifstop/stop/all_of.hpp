// Stops when every one of several rules has said stop.
#pragma once
#include <algorithm>

#include "ifstop/stop/composite.hpp"

namespace ifstop {

/// Members need not say stop at the same evaluation: each is remembered. The best evaluation is that of the
/// member whose best value is lowest, so that all are good where it is (members should have metrics of one
/// scale). The forecast is that of the member with the most to gain.
class AllOf : public Composite {
 public:
  explicit AllOf(std::vector<RulePtr> members, std::string name = "all_of")
      : Composite(std::move(name), std::move(members)) {}

 protected:
  Decision combine(const std::vector<Decision>& decisions) const override;
};

inline Decision AllOf::combine(const std::vector<Decision>& decisions) const {
  const auto worst = std::min_element(
      decisions.begin(), decisions.end(),
      [](const Decision& a, const Decision& b) { return a.best && (!b.best || *a.best < *b.best); });
  Decision decision = *worst;
  decision.rule = name();
  decision.stop = std::all_of(decisions.begin(), decisions.end(), [](const Decision& d) { return d.stop; });
  for (const auto& member : decisions)
    if (member.probability_more_helps > decision.probability_more_helps) {
      decision.probability_more_helps = member.probability_more_helps, decision.gain = member.gain;
      decision.gain_low = member.gain_low, decision.gain_high = member.gain_high;
      decision.gain_examples = member.gain_examples;
    }
  decision.reason.clear();
  for (const auto& member : decisions)  // a member that goes on is why all go on
    if (decision.stop || !member.stop)
      decision.reason += (decision.reason.empty() ? "" : "; ") + member.reason;
  return decision;
}

}  // namespace ifstop
