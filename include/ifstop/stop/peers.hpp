// What the default rules of other trainers would have decided on the same evaluations.
#pragma once
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/stop/evaluation.hpp"
#include "ifstop/stop/patience.hpp"
#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

/// Another trainer's default, for the "peers" of stop_report.json.
struct PeerDecision {
  std::string rule;  ///< whose it is, with its numbers
  bool stopped = false;
  std::int64_t examples = 0;  ///< at its stop; at the last evaluation if it did not stop
};

/// Ray Tune's TrialPlateauStopper: stops where the standard deviation of the last `window` values is below
/// `deviation`, after a grace period.
struct DeviationOptions {
  std::string metric = "ifs";
  Direction direction = Direction::maximize;  ///< only says which evaluation is the best
  double deviation = 0.01;                    ///< of a population: Σ(v − v̄)²/window; 0 stops never
  std::int64_t window = 4;                    ///< values; at least 2
  std::int64_t grace_evaluations = 4;         ///< evaluations before the first stop; 0 = none
};

class Deviation : public WatchedRule {
 public:
  explicit Deviation(DeviationOptions options = {})
      : WatchedRule("deviation", options.metric, options.direction), options_(std::move(options)) {
    if (!(options_.deviation >= 0))
      refuse(fmt::format("deviation = {} must be 0 or more", options_.deviation));
    if (options_.window < 2) refuse(fmt::format("window = {} must be 2 or more", options_.window));
    if (options_.grace_evaluations < 0)
      refuse(fmt::format("grace_evaluations = {} must be 0 or more", options_.grace_evaluations));
  }

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override {
    out.option("deviation", options_.deviation);
    out.option("window", options_.window);
    out.option("grace_evaluations", options_.grace_evaluations);
  }
  void clear() override { evaluations_ = 0, values_.clear(); }
  void put_memory(StateWriter& out) const override {
    out.put("evaluations", evaluations_);
    out.put("values", fmt::format("{}", fmt::join(values_, " ")));
  }
  void take_memory(const StateReader& in) override {
    const auto evaluations = in.integer("evaluations");
    values_ = numbers_from_text<double>(in.text("values"));
    evaluations_ = evaluations;
  }

 private:
  DeviationOptions options_;
  std::int64_t evaluations_ = 0;
  std::vector<double> values_;
};

inline WatchedRule::Verdict Deviation::judge(const Reading& reading) {
  evaluations_ += 1;
  values_.push_back(reading.value);
  if (values_.size() > static_cast<std::size_t>(options_.window)) values_.erase(values_.begin());
  if (values_.size() < static_cast<std::size_t>(options_.window))
    return {false, fmt::format("{} {:.4g}: {} of {} values", metric(), reading.value, values_.size(),
                               options_.window)};
  double mean = 0, squares = 0, count = 0;  // Welford
  for (const double value : values_) {
    const double step = value - mean;
    mean += step / ++count;
    squares += step * (value - mean);
  }
  const double deviation = std::sqrt(squares / count);
  const bool stop = deviation < options_.deviation && evaluations_ >= options_.grace_evaluations;
  return {stop, fmt::format("{} {:.4g}: the last {} values deviate by {:.4g}, limit {}", metric(),
                            reading.value, options_.window, deviation, options_.deviation)};
}

/// Runs each trainer's default rule over a metric of the evaluations. Composer and ensmallen are not among
/// them: their defaults count epochs or optimiser steps, not evaluations.
inline std::vector<PeerDecision> peer_decisions(std::span<const Evaluation> evaluations,
                                                std::string_view metric = "ifs",
                                                Direction direction = Direction::maximize) {
  const std::string name(metric);
  std::vector<std::pair<std::string, RulePtr>> rules;
  const auto patience = [&](std::string whose, PatienceOptions options) {
    options.metric = name, options.direction = direction;
    rules.emplace_back(std::move(whose), std::make_unique<Patience>(std::move(options)));
  };
  patience("Hugging Face: patience 1", {.patience = 1, .improvement = Improvement::over_best});
  patience("Lightning: patience 3", {.patience = 3});
  patience("Keras: patience 0", {.patience = 0});
  rules.emplace_back("Ray Tune: deviation of 4 below 0.01",
                     std::make_unique<Deviation>(DeviationOptions{.metric = name, .direction = direction}));
  patience("often used: patience 3, min_delta 0.01", {.patience = 3, .min_delta = .01});
  std::vector<PeerDecision> peers;
  for (auto& [whose, rule] : rules) {
    PeerDecision peer{whose};
    for (const auto& evaluation : evaluations) {
      peer.examples = evaluation.examples;
      peer.stopped = rule->observe(evaluation).stop;
      if (peer.stopped) break;
    }
    peers.push_back(std::move(peer));
  }
  return peers;
}

}  // namespace ifstop
