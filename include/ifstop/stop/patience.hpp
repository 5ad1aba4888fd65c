// Stops when a metric has not improved for some evaluations: the rule that other trainers have, without their
// traps.
#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

/// What a value must exceed to count as an improvement.
enum class Improvement {
  over_last,  ///< Keras: value − delta > the value at the last improvement (so many small gains add up)
  over_best,  ///< Hugging Face: value − the best value seen > delta (so that they do not)
};

enum class DeltaKind {
  absolute,  ///< min_delta itself
  relative,  ///< min_delta · |the value compared with|: right for negative values too
};

struct PatienceOptions {
  std::string metric = "ifs";                 ///< a score's name, or a value's such as eval_loss
  Direction direction = Direction::maximize;  ///< which way is better
  std::int64_t patience = 3;                  ///< misses in a row that stop; 0 is the same as 1
  double min_delta = 0;                       ///< an improvement must be greater than this; 0 = any
  DeltaKind delta = DeltaKind::absolute;
  Improvement improvement = Improvement::over_last;
  std::int64_t min_evaluations =
      0;                      ///< so many evaluations at the start are neither improvement nor miss; 0 = none
  std::int64_t cooldown = 0;  ///< so many misses after an improvement are forgiven; 0 = none
  std::int64_t window = 1;    ///< the value is the mean of so many last readings; 1 = the reading itself
  std::optional<double> target{};  ///< reached: stop at once; unset = none (0 is a target like any other)
  std::optional<double>
      baseline{};  ///< improvements that are not better than this do not end a row of misses
  std::optional<double> divergence{};  ///< worse than this: stop at once; unset = never
};

/// With value v (mean of the last `window` readings), reference r and delta d (= min_delta, or
/// min_delta·|r|), maximising:
///   improved  where  v − d > r  (over_last: r is v at the last improvement)  or  v − r > d  (over_best: r is
///   the best v) stop      where  misses in a row >= max(1, patience)
/// Hugging Face's EarlyStoppingCallback is {over_best, patience 1}; Keras's EarlyStopping is {over_last,
/// patience 0, min_evaluations = start_from_epoch}. Both differ in one thing from this rule: they count a NaN
/// as a miss.
class Patience : public WatchedRule {
 public:
  explicit Patience(PatienceOptions options = {});

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override;
  void clear() override { memory_ = {}; }
  void put_memory(StateWriter& out) const override;
  void take_memory(const StateReader& in) override;

 private:
  struct Memory {
    std::int64_t evaluations = 0, misses = 0, forgiven = 0;
    std::optional<double> reference;
    std::int64_t reference_step = 0, reference_examples = 0;
    std::vector<double> window;
  };
  double smoothed(double value);
  double delta_from(double reference) const;
  bool improved(double value) const;
  std::string margin_text() const;

  PatienceOptions options_;
  Memory memory_;
};

inline Patience::Patience(PatienceOptions o)
    : WatchedRule("patience", o.metric, o.direction), options_(std::move(o)) {
  const auto& p = options_;
  if (p.patience < 0) refuse(fmt::format("patience = {} must be 0 or more", p.patience));
  if (!(p.min_delta >= 0) || !std::isfinite(p.min_delta))
    refuse(
        fmt::format("min_delta = {} must be 0 or more; the direction says which way is better", p.min_delta));
  if (p.min_evaluations < 0) refuse(fmt::format("min_evaluations = {} must be 0 or more", p.min_evaluations));
  if (p.cooldown < 0) refuse(fmt::format("cooldown = {} must be 0 or more", p.cooldown));
  if (p.window < 1) refuse(fmt::format("window = {} must be 1 or more", p.window));
  for (const auto& [name, value] : {std::pair("target", p.target), std::pair("baseline", p.baseline),
                                    std::pair("divergence", p.divergence)})
    if (value && !std::isfinite(*value))
      refuse(fmt::format("{} = {} must be finite; leave it unset for none", name, *value));
  if (p.target && p.divergence && better(p.direction, *p.divergence, *p.target))
    refuse(fmt::format("divergence = {} is better than target = {}", *p.divergence, *p.target));
}

inline double Patience::smoothed(double value) {
  auto& window = memory_.window;
  window.push_back(value);
  if (window.size() > static_cast<std::size_t>(options_.window)) window.erase(window.begin());
  return std::accumulate(window.begin(), window.end(), 0.0) / static_cast<double>(window.size());
}

inline double Patience::delta_from(double reference) const {
  return options_.delta == DeltaKind::absolute ? options_.min_delta
                                               : options_.min_delta * std::abs(reference);
}

inline bool Patience::improved(double value) const {
  if (!memory_.reference) return true;
  const double reference = *memory_.reference, delta = delta_from(reference);
  if (options_.improvement == Improvement::over_last) return better(direction(), value, reference, delta);
  return better(direction(), value, reference) && std::abs(value - reference) > delta;
}

inline std::string Patience::margin_text() const {
  if (options_.min_delta == 0) return "";
  return fmt::format(" by more than {}{}", options_.min_delta,
                     options_.delta == DeltaKind::relative ? " of it" : "");
}

inline WatchedRule::Verdict Patience::judge(const Reading& reading) {
  const double value = smoothed(reading.value);
  const auto what = fmt::format("{}{} {:.4g}", options_.window > 1 ? "mean " : "", metric(), value);
  if (options_.target && !better(direction(), *options_.target, value))
    return {true, fmt::format("{} has reached the target {}", what, *options_.target)};
  if (options_.divergence && better(direction(), *options_.divergence, value))
    return {true, fmt::format("{} is worse than the divergence limit {}", what, *options_.divergence)};
  auto& m = memory_;
  m.evaluations += 1;
  if (m.evaluations <= options_.min_evaluations)
    return {false, fmt::format("{}: evaluation {} of {} that are not counted", what, m.evaluations,
                               options_.min_evaluations)};

  const auto before =
      m.reference ? fmt::format("{:.4g} {}", *m.reference, at_text(m.reference_step, m.reference_examples))
                  : "";
  const bool is_improved = improved(value);
  if (is_improved ||
      (options_.improvement == Improvement::over_best && better(direction(), value, *m.reference)))
    m.reference = value, m.reference_step = reading.step, m.reference_examples = reading.examples;
  const auto& baseline = options_.baseline;
  if (is_improved && (!baseline || better(direction(), value, *baseline, delta_from(*baseline)))) {
    m.misses = 0, m.forgiven = options_.cooldown;
    return {false, before.empty() ? what + " is the first"
                                  : fmt::format("{} is better than {}{}", what, before, margin_text())};
  }
  if (is_improved) {
    m.misses += 1;  // as Keras: a miss that cannot stop
    return {false, fmt::format("{} is better than before but not than the baseline {}: miss {}", what,
                               *baseline, m.misses)};
  }
  if (m.forgiven > 0) {
    m.forgiven -= 1;
    return {false, fmt::format("{} is not better than {}{}: forgiven, {} more would be", what, before,
                               margin_text(), m.forgiven)};
  }
  m.misses += 1;
  const auto limit = std::max<std::int64_t>(1, options_.patience);
  return {m.misses >= limit, fmt::format("{} is not better than {}{}: miss {} of {}", what, before,
                                         margin_text(), m.misses, limit)};
}

inline void Patience::put_options(StateWriter& out) const {
  out.option("patience", options_.patience);
  out.option("min_delta", options_.min_delta);
  out.option("delta", options_.delta == DeltaKind::absolute ? "absolute" : "relative");
  out.option("improvement", options_.improvement == Improvement::over_last ? "over_last" : "over_best");
  out.option("min_evaluations", options_.min_evaluations);
  out.option("cooldown", options_.cooldown);
  out.option("window", options_.window);
  out.option("target", options_.target);
  out.option("baseline", options_.baseline);
  out.option("divergence", options_.divergence);
}

inline void Patience::put_memory(StateWriter& out) const {
  out.put("evaluations", memory_.evaluations);
  out.put("misses", memory_.misses);
  out.put("forgiven", memory_.forgiven);
  out.put("reference", memory_.reference);
  out.put("reference_step", memory_.reference_step);
  out.put("reference_examples", memory_.reference_examples);
  out.put("window", fmt::format("{}", fmt::join(memory_.window, " ")));
}

inline void Patience::take_memory(const StateReader& in) {
  Memory m;
  m.evaluations = in.integer("evaluations"), m.misses = in.integer("misses"),
  m.forgiven = in.integer("forgiven");
  m.reference = in.optional_real("reference");
  m.reference_step = in.integer("reference_step"), m.reference_examples = in.integer("reference_examples");
  m.window = numbers_from_text<double>(in.text("window"));
  memory_ = std::move(m);
}

}  // namespace ifstop
