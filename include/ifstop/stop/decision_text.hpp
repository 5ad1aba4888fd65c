// A decision in a state, exactly.
#pragma once
#include "ifstop/stop/decision.hpp"
#include "ifstop/stop/state.hpp"

namespace ifstop {

inline void put_decision(StateWriter& out, const Decision& d) {
  out.put("decision.stop", d.stop);
  out.put("decision.keep", d.keep);
  out.put("decision.rule", d.rule);
  out.put("decision.reason", d.reason);
  out.put("decision.best", d.best);
  out.put("decision.best_step", d.best_step);
  out.put("decision.best_examples", d.best_examples);
  out.put("decision.probability_more_helps", d.probability_more_helps);
  out.put("decision.gain", d.gain);
  out.put("decision.gain_low", d.gain_low);
  out.put("decision.gain_high", d.gain_high);
  out.put("decision.gain_examples", d.gain_examples);
}

inline Decision decision_from(const StateReader& in) {
  Decision d;
  d.stop = in.boolean("decision.stop");
  d.keep = in.boolean("decision.keep");
  d.rule = in.text("decision.rule");
  d.reason = in.text("decision.reason");
  d.best = in.optional_real("decision.best");
  d.best_step = in.integer("decision.best_step");
  d.best_examples = in.integer("decision.best_examples");
  d.probability_more_helps = in.optional_real("decision.probability_more_helps");
  d.gain = in.optional_real("decision.gain");
  d.gain_low = in.optional_real("decision.gain_low");
  d.gain_high = in.optional_real("decision.gain_high");
  if (in.has("decision.gain_examples") && in.text("decision.gain_examples") != "none")
    d.gain_examples = in.integer("decision.gain_examples");
  return d;
}

}  // namespace ifstop
