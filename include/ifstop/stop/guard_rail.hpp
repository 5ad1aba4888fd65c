// Stops as another rule does, or before it where a guarded metric falls.
#pragma once
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "ifstop/stop/trend.hpp"
#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

struct GuardRailOptions {
  std::string metric = "objecqa";             ///< a score's name, or a value's such as eval_loss
  Direction direction = Direction::maximize;  ///< which way the metric is better
  double fall = 0.1;             ///< stop where it is worse than its best by more than this (absolute)
  double standard_errors = 2;    ///< and, for a share, by so many standard errors more; 0 = none
  std::int64_t evaluations = 2;  ///< so many times in a row; at least 1
};

/// With the best reading b and the present one v (maximising; for a share each with its variance,
/// stop/trend.hpp):
///   stop  where  b − v > fall + standard_errors·√(var b + var v)  at `evaluations` readings in a row.
/// It never stops for a plateau: combine it, `any_of(plateau rule, guard rail)`.
class GuardRail : public WatchedRule {
 public:
  explicit GuardRail(GuardRailOptions options = {});

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override;
  void clear() override { memory_ = {}; }
  void put_memory(StateWriter& out) const override;
  void take_memory(const StateReader& in) override;

 private:
  struct Memory {
    std::optional<double> best;
    double best_variance = 0;
    std::string best_at;
    std::int64_t worse = 0;  ///< in a row
  };
  GuardRailOptions options_;
  Memory memory_;
};

inline GuardRail::GuardRail(GuardRailOptions o)
    : WatchedRule("guard_rail", o.metric, o.direction), options_(std::move(o)) {
  const auto& p = options_;
  if (!(p.fall >= 0) || !std::isfinite(p.fall)) refuse(fmt::format("fall = {} must be 0 or more", p.fall));
  if (!(p.standard_errors >= 0) || !std::isfinite(p.standard_errors))
    refuse(fmt::format("standard_errors = {} must be 0 or more", p.standard_errors));
  if (p.evaluations < 1) refuse(fmt::format("evaluations = {} must be 1 or more", p.evaluations));
}

inline WatchedRule::Verdict GuardRail::judge(const Reading& reading) {
  const auto& tally = reading.score.tally;
  const double variance = reading.score.measured() ? share_variance(tally.successes, tally.trials) : 0;
  auto& m = memory_;
  if (!m.best || better(direction(), reading.value, *m.best)) {
    m = {reading.value, variance, reading.at(), 0};
    return {false, fmt::format("{} {:.4g} is the best so far", metric(), reading.value)};
  }
  const double fall = std::abs(reading.value - *m.best);
  const double limit = options_.fall + options_.standard_errors * std::sqrt(variance + m.best_variance);
  m.worse = fall > limit ? m.worse + 1 : 0;
  const auto text =
      fmt::format("{} {:.4g} is worse than {:.4g} {} by {:.3g} (limit {:.3g}; {} of {} in a row)", metric(),
                  reading.value, *m.best, m.best_at, fall, limit, m.worse, options_.evaluations);
  return {m.worse >= options_.evaluations, text};
}

inline void GuardRail::put_options(StateWriter& out) const {
  out.option("fall", options_.fall);
  out.option("standard_errors", options_.standard_errors);
  out.option("evaluations", options_.evaluations);
}

inline void GuardRail::put_memory(StateWriter& out) const {
  out.put("guard_best", memory_.best);
  out.put("best_variance", memory_.best_variance);
  out.put("best_at", memory_.best_at);
  out.put("worse", memory_.worse);
}

inline void GuardRail::take_memory(const StateReader& in) {
  memory_ = {in.optional_real("guard_best"), in.real("best_variance"), in.text("best_at"),
             in.integer("worse")};
}

}  // namespace ifstop
