// What every rule that watches one metric has in common: which readings count, the best so far, and being
// stopped.
#pragma once
#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "ifstop/stop/decision_text.hpp"
#include "ifstop/stop/forecast.hpp"
#include "ifstop/stop/rule.hpp"
#include "ifstop/stop/state.hpp"

namespace ifstop {

/// Which way is better. Never guessed from a metric's name.
enum class Direction { maximize, minimize };

constexpr std::string_view to_string(Direction direction) {
  return direction == Direction::maximize ? "maximize" : "minimize";
}

/// Whether a is better than b by more than `margin`; false where either is no number.
constexpr bool better(Direction direction, double a, double b, double margin = 0) {
  return direction == Direction::maximize ? a - margin > b : a + margin < b;
}

/// "at 512 examples", or "at step 64" where examples are not counted.
inline std::string at_text(std::int64_t step, std::int64_t examples) {
  return examples > 0 || step == 0 ? fmt::format("at {} examples", examples)
                                   : fmt::format("at step {}", step);
}

/// One reading of the watched metric that counts: finite and later than the one before.
struct Reading {
  std::int64_t step = 0;
  std::int64_t examples = 0;
  std::int64_t planned_examples = 0;  ///< 0 where unknown
  double value = 0;
  Score score;  ///< not measured where the metric is no share

  std::string at() const { return at_text(step, examples); }
};

/// The metric's reading in an evaluation, or why there is none: missing, counted on nothing, impossible, not
/// finite.
std::pair<std::optional<Reading>, std::string> read_metric(const Evaluation& evaluation,
                                                           std::string_view metric);

/// Base of the rules in this folder. A rule of one's own overrides judge() and the five functions about its
/// options and memory; everything else, the traps included, is done here: readings out of order, missing, NaN
/// or infinite are named and ignored, they are never the best and never a stop; a stopped rule keeps its
/// answer.
class WatchedRule : public Rule {
 public:
  Decision observe(const Evaluation& evaluation) final;
  void reset() final;
  std::string state() const final;
  void restore(std::string_view state) final;
  std::string name() const final { return name_; }

 protected:
  struct Verdict {
    bool stop = false;
    std::string reason;
    std::optional<Forecast> forecast{};  ///< of rules with a model of the future
  };

  WatchedRule(std::string name, std::string metric, Direction direction);
  const std::string& metric() const { return metric_; }
  Direction direction() const { return direction_; }
  /// "OPTIONS: what is wrong" as std::invalid_argument.
  [[noreturn]] void refuse(const std::string& what) const {
    throw std::invalid_argument(name_ + ": " + what);
  }

  /// The answer of rules that need counts to a metric without any; `what`: the reading in words.
  static Verdict not_a_share(const std::string& what) {
    return {false, what + " is no share of prompts: not judged (the rule patience takes any number)"};
  }

  /// The rule itself, for a reading that counts.
  virtual Verdict judge(const Reading& reading) = 0;
  /// Writes every option with StateWriter::option; metric and direction are written already.
  virtual void put_options(StateWriter& out) const = 0;
  /// Forgets every reading.
  virtual void clear() = 0;
  /// Everything remembered, out and in. take_memory may throw half-way.
  virtual void put_memory(StateWriter& out) const = 0;
  virtual void take_memory(const StateReader& in) = 0;

 private:
  struct Seen {  ///< of all readings so far
    std::int64_t count = 0, step = 0, examples = 0;
    std::optional<double> best;
    std::int64_t best_step = 0, best_examples = 0;
    bool stopped = false;
    Decision stop;  ///< the answer since then
  };
  Decision decide(bool stop, bool keep, std::string reason) const;
  void take(const StateReader& in);

  std::string name_, metric_;
  Direction direction_;
  Seen seen_;
};

inline std::pair<std::optional<Reading>, std::string> read_metric(const Evaluation& e,
                                                                  std::string_view metric) {
  Reading reading{e.step, e.examples, e.planned_examples, 0, {}};
  const auto ignored = [&](std::string_view why) {
    return std::pair(std::optional<Reading>{}, fmt::format("{} {} {}: ignored", metric, why, reading.at()));
  };
  if (const auto score = e.scores.find(metric); score != e.scores.end()) {
    const auto& tally = score->second.tally;
    if (tally.trials == 0) return ignored("was measured on no prompt");
    if (tally.trials < 0 || tally.successes < 0 || tally.successes > tally.trials)
      return ignored(fmt::format("counts {} successes of {} trials", tally.successes, tally.trials));
    reading.value = tally.value(), reading.score = score->second;
  } else if (const auto value = e.values.find(metric); value != e.values.end()) {
    reading.value = value->second;
  } else {
    return ignored("is missing from the evaluation");
  }
  if (!std::isfinite(reading.value)) return ignored(fmt::format("is {}, no finite number,", reading.value));
  return {std::move(reading), ""};
}

inline WatchedRule::WatchedRule(std::string name, std::string metric, Direction direction)
    : name_(std::move(name)), metric_(std::move(metric)), direction_(direction) {
  if (metric_.empty()) refuse("metric is empty; name one, such as ifs");
}

inline Decision WatchedRule::decide(bool stop, bool keep, std::string reason) const {
  Decision d;
  d.stop = stop, d.keep = keep, d.rule = name_, d.reason = std::move(reason);
  d.best = seen_.best, d.best_step = seen_.best_step, d.best_examples = seen_.best_examples;
  return d;
}

inline Decision WatchedRule::observe(const Evaluation& e) {
  if (seen_.stopped) return seen_.stop;
  const bool later = std::pair(e.examples, e.step) > std::pair(seen_.examples, seen_.step);
  if (seen_.count > 0 && !later)
    return decide(
        false, false,
        fmt::format("the evaluation {} (step {}) is not later than the last one, {} (step {}): ignored",
                    at_text(e.step, e.examples), e.step, at_text(seen_.step, seen_.examples), seen_.step));
  const auto [reading, why] = read_metric(e, metric_);
  if (!reading) return decide(false, false, why);

  seen_.count += 1, seen_.step = e.step, seen_.examples = e.examples;
  const bool best = !seen_.best || better(direction_, reading->value, *seen_.best);
  if (best) seen_.best = reading->value, seen_.best_step = e.step, seen_.best_examples = e.examples;
  const auto verdict = judge(*reading);
  auto decision = decide(verdict.stop, best, verdict.reason);
  if (const auto& f = verdict.forecast) {
    decision.probability_more_helps = f->probability;
    decision.gain = f->gain, decision.gain_low = f->low, decision.gain_high = f->high;
    decision.gain_examples = std::llround(f->examples);
  }
  if (decision.stop) {
    seen_.stopped = true;
    seen_.stop = decision;
    seen_.stop.keep = false;  // said once
  }
  return decision;
}

inline void WatchedRule::reset() {
  seen_ = {};
  clear();
}

inline std::string WatchedRule::state() const {
  StateWriter out;
  out.put("rule", name_);
  out.option("metric", metric_);
  out.option("direction", to_string(direction_));
  put_options(out);
  out.put("count", seen_.count);
  out.put("step", seen_.step);
  out.put("examples", seen_.examples);
  out.put("best", seen_.best);
  out.put("best_step", seen_.best_step);
  out.put("best_examples", seen_.best_examples);
  out.put("stopped", seen_.stopped);
  if (seen_.stopped) put_decision(out, seen_.stop);
  put_memory(out);
  return out.text();
}

inline void WatchedRule::take(const StateReader& in) {
  Seen seen;
  seen.count = in.integer("count"), seen.step = in.integer("step"), seen.examples = in.integer("examples");
  seen.best = in.optional_real("best");
  seen.best_step = in.integer("best_step"), seen.best_examples = in.integer("best_examples");
  seen.stopped = in.boolean("stopped");
  if (seen.stopped) seen.stop = decision_from(in);
  take_memory(in);
  seen_ = std::move(seen);
}

inline void WatchedRule::restore(std::string_view text) {
  const StateReader saved(text);
  if (saved.text("rule") != name_)
    throw std::invalid_argument(
        fmt::format("{}: the saved state is one of the rule {}", name_, saved.text("rule")));
  const std::string before = state();
  compare_options(name_, saved, StateReader(before));
  try {
    take(saved);
  } catch (...) {
    take(StateReader(before));
    throw;
  }
}

}  // namespace ifstop
