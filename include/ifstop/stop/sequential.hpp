// Stops where a test that may be looked at any time cannot reject "no change since the reference evaluation".
#pragma once
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/score/paired.hpp"
#include "ifstop/stop/share_memory.hpp"

namespace ifstop {

struct SequentialOptions {
  std::string metric = "ifs";                 ///< a score's name; the rule needs the outcome of every prompt
  Direction direction = Direction::maximize;  ///< minimize watches failures instead
  double error = 0.05;     ///< chance to claim a rise where there is no change, however often one looks
  std::int64_t pairs = 6;  ///< pairs of evaluations without a claim: stop. At least 2
};

/// Null hypothesis: nothing has changed since the reference evaluation, so that the evaluations after it
/// might have come in any order. (The future cannot be tested without a model of it: see saturation.)
/// Evaluation pairs + j after the reference is compared with evaluation j, prompt by prompt: g_j prompts
/// turned to the good, b_j to the bad. Under the null g_j − b_j is symmetric about 0 given all earlier pairs,
/// also where something moves all prompts together, so
///   M_j = M_{j−1}·(1 + tanh((g_j − b_j)/√(g_j + b_j))),  M_0 = 1
/// is a martingale, and P(ever M_j >= 1/error) <= error (Ville's inequality; Ramdas et al., Stat. Sci. 38
/// (2023) 576). Where M reaches 1/error a rise is claimed and that evaluation is the new reference; stop
/// where all pairs have passed without a claim. An evaluation without outcomes, or of another number of
/// prompts, is a new reference.
class Sequential : public WatchedRule {
 public:
  explicit Sequential(SequentialOptions options = {});

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override;
  void clear() override { memory_ = {}; }
  void put_memory(StateWriter& out) const override;
  void take_memory(const StateReader& in) override;

 private:
  struct Memory {
    std::vector<ShareAt> firsts;  ///< first halves of the pairs; before them the reference
    std::int64_t pairs = 0;       ///< complete
    double log_martingale = 0;
  };
  SequentialOptions options_;
  Memory memory_;
};

inline Sequential::Sequential(SequentialOptions o)
    : WatchedRule("sequential", o.metric, o.direction), options_(std::move(o)) {
  const auto& p = options_;
  if (!(p.error > 0 && p.error < 1)) refuse(fmt::format("error = {} must be above 0 and below 1", p.error));
  if (p.pairs < 2) refuse(fmt::format("pairs = {} must be 2 or more", p.pairs));
}

inline WatchedRule::Verdict Sequential::judge(const Reading& reading) {
  const auto what = fmt::format("{} {:.3f}", metric(), reading.value);
  auto now = good_share(reading, direction());
  auto& firsts = memory_.firsts;
  if (now.tally.outcomes.empty()) {
    memory_ = {};
    return {false, what + " comes without the outcomes of single prompts: not tested"};
  }
  if (firsts.empty() || firsts.front().tally.outcomes.size() != now.tally.outcomes.size()) {
    memory_ = {{std::move(now)}, 0, 0};
    return {false, what + " is the reference: later evaluations are tested against no change since it"};
  }
  const auto reference = firsts.front().x;
  if (static_cast<std::int64_t>(firsts.size()) <= options_.pairs) {
    firsts.push_back(std::move(now));
    return {false, fmt::format("{}: {} of {} evaluations since {:.0f} that later ones are paired with", what,
                               firsts.size() - 1, options_.pairs, reference)};
  }
  const auto& first = firsts[static_cast<std::size_t>(memory_.pairs + 1)];
  const auto counts = paired_counts(now.tally.outcomes, first.tally.outcomes);
  const double up = static_cast<double>(counts.only_first), down = static_cast<double>(counts.only_second);
  if (up + down > 0) memory_.log_martingale += std::log1p(std::tanh((up - down) / std::sqrt(up + down)));
  memory_.pairs += 1;
  const auto evidence = fmt::format("evidence {:.3g} to 1, {:.3g} needed", std::exp(memory_.log_martingale),
                                    1 / options_.error);
  if (memory_.log_martingale >= -std::log(options_.error)) {
    memory_ = {{std::move(now)}, 0, 0};
    return {false,
            fmt::format("{} has risen since {:.0f} ({}): the new reference", what, reference, evidence)};
  }
  return {memory_.pairs >= options_.pairs,
          fmt::format("{}: no rise shown since {:.0f} after {} of {} pairs of evaluations ({})", what,
                      reference, memory_.pairs, options_.pairs, evidence)};
}

inline void Sequential::put_options(StateWriter& out) const {
  out.option("error", options_.error);
  out.option("pairs", options_.pairs);
}

inline void Sequential::put_memory(StateWriter& out) const {
  put_shares(out, memory_.firsts);
  out.put("pairs", memory_.pairs);
  out.put("log_martingale", memory_.log_martingale);
}

inline void Sequential::take_memory(const StateReader& in) {
  Memory memory{shares_from(in), in.integer("pairs"), in.real("log_martingale")};
  const auto firsts = static_cast<std::int64_t>(memory.firsts.size());
  if (memory.pairs < 0 || (memory.pairs > 0 && (firsts <= options_.pairs || memory.pairs > options_.pairs)))
    throw std::invalid_argument(fmt::format("state: {} pairs of {} readings", memory.pairs, firsts));
  memory_ = std::move(memory);
}

}  // namespace ifstop
