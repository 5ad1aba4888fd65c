#include "measure.hpp"

#include <algorithm>
#include <cmath>

#include "ifstop/stop/rules.hpp"

namespace stopping {
namespace {

ifstop::Evaluation evaluation(const Curve& curve, std::size_t i, double planned) {
  ifstop::Evaluation e;
  e.examples = std::llround(curve.examples[i]);
  e.step = e.examples / 8;
  e.planned_examples = std::llround(planned);
  e.scores["ifs"] = {{curve.successes[i], curve.trials, {}}, 0, 1};
  return e;
}

void note(Calibration& calibration, double stated, bool happened) {
  const auto tenth = static_cast<std::size_t>(std::clamp(stated * 10, 0., 9.));
  calibration.count[tenth] += 1;
  calibration.stated[tenth] += stated;
  calibration.happened[tenth] += happened;
}

void add(Tally& tally, const Curve& curve, std::size_t stop) {
  const bool early = curve.to_gain[stop] > margin;
  tally.curves += 1, tally.early += early, tally.lost += curve.to_gain[stop];
  if (!curve.family->rises) return;
  tally.rising += 1;
  if (early) return;
  const double plateau = curve.examples[curve.plateau];
  tally.not_early += 1;
  tally.extra += (curve.examples[stop] - plateau) / std::max(plateau, 1000.);
  tally.late_evaluations += static_cast<double>(stop) - static_cast<double>(curve.plateau);
}

}  // namespace

Result measure(const std::string& name, const std::vector<Curve>& curves, double planned) {
  Result result;
  const auto rule = ifstop::make_rule(name, "ifs");
  for (const auto& curve : curves) {
    rule->reset();
    std::size_t stop = 0;
    for (;; ++stop) {
      const auto decision = rule->observe(evaluation(curve, stop, planned));
      result.rows += 1;
      if (stop + 1 == curve.examples.size()) break;  // the planned end: nothing is to come
      if (const auto& stated = decision.probability_more_helps) {
        note(result.calibration, *stated, curve.to_gain[stop] > margin);
        note(result.calibration_of[curve.family->name], *stated, curve.to_gain[stop] > margin);
      }
      if (decision.stop) break;
    }
    add(result.all, curve, stop);
    add(result.families[curve.family->name], curve, stop);
  }
  return result;
}

}  // namespace stopping
