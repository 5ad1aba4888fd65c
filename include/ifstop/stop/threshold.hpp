// Stops when a metric is good enough and has been for some evaluations.
#pragma once
#include <string>

#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

/// What is compared with the threshold.
enum class Bound {
  interval,  ///< the end of the reading's 95 % interval that is worse: the share is known to be at least that
             ///< good
  value,     ///< the reading itself
};

struct ThresholdOptions {
  std::string metric = "ifs";                 ///< a score's name; with Bound::value also a value's
  Direction direction = Direction::maximize;  ///< maximize: at or above the threshold; minimize: at or below
  double threshold = 0.9;        ///< the paper's IFS settles at 0.90 to 0.95; 0 is a threshold like any other
  std::int64_t evaluations = 2;  ///< so many in a row must reach it; at least 1
  Bound bound = Bound::interval;
};

/// Stops where, `evaluations` times in a row, low >= threshold (maximising, Bound::interval; high <=
/// threshold minimising). Readings that are ignored neither end a row nor count for it.
class Threshold : public WatchedRule {
 public:
  explicit Threshold(ThresholdOptions options = {});

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override;
  void clear() override { in_a_row_ = 0; }
  void put_memory(StateWriter& out) const override { out.put("in_a_row", in_a_row_); }
  void take_memory(const StateReader& in) override { in_a_row_ = in.integer("in_a_row"); }

 private:
  ThresholdOptions options_;
  std::int64_t in_a_row_ = 0;
};

inline Threshold::Threshold(ThresholdOptions o)
    : WatchedRule("threshold", o.metric, o.direction), options_(std::move(o)) {
  if (!std::isfinite(options_.threshold))
    refuse(fmt::format("threshold = {} must be finite", options_.threshold));
  if (options_.evaluations < 1)
    refuse(fmt::format("evaluations = {} must be 1 or more", options_.evaluations));
}

inline WatchedRule::Verdict Threshold::judge(const Reading& reading) {
  const bool up = direction() == Direction::maximize;
  double compared = reading.value;
  auto what = fmt::format("{} {:.4g}", metric(), reading.value);
  if (options_.bound == Bound::interval) {
    compared = up ? reading.score.low : reading.score.high;
    if (!std::isfinite(compared))
      return {false, what + " has no interval: not compared with the threshold (bound = value would)"};
    what += fmt::format(" (at {} {:.4g})", up ? "least" : "most", compared);
  }
  const bool reached = !better(direction(), options_.threshold, compared);
  in_a_row_ = reached ? in_a_row_ + 1 : 0;
  if (!reached)
    return {false,
            fmt::format("{} is {} the threshold {}", what, up ? "below" : "above", options_.threshold)};
  return {in_a_row_ >= options_.evaluations,
          fmt::format("{} has reached the threshold {}: {} of {} in a row", what, options_.threshold,
                      in_a_row_, options_.evaluations)};
}

inline void Threshold::put_options(StateWriter& out) const {
  out.option("threshold", options_.threshold);
  out.option("evaluations", options_.evaluations);
  out.option("bound", options_.bound == Bound::interval ? "interval" : "value");
}

}  // namespace ifstop
