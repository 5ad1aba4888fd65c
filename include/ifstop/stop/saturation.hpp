// Stops where it has become unlikely that more training gains much: the default rule.
#pragma once
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/stop/curve_posterior.hpp"
#include "ifstop/stop/share_memory.hpp"
#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

struct SaturationOptions {
  std::string metric = "ifs";                 ///< a score's name; the rule needs its counts
  Direction direction = Direction::maximize;  ///< minimize watches the share of failures instead
  double margin = 0.03;                       ///< a gain that is not worth going on for
  double probability = 0.06;                  ///< stop where P(gain > margin) is below this
  std::int64_t evaluations = 4;               ///< readings before the first stop; at least 3
};

/// With the posterior of stop/curve_posterior.hpp over everything read so far,
///   stop  where  P(best share from now to the planned end − share now > margin) < probability.
/// Where the planned end is not known (Evaluation::planned_examples is 0) or passed, it is twice the examples
/// seen so far. The answer carries that probability, the expected gain with its 95 % interval, and the
/// examples it takes.
class Saturation : public WatchedRule {
 public:
  explicit Saturation(SaturationOptions options = {});

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override;
  void clear() override { points_.clear(), posterior_ = {}, unit_ = 1; }
  void put_memory(StateWriter& out) const override;
  void take_memory(const StateReader& in) override;

 private:
  struct Point {
    double x = 0, planned = 0;
    std::int64_t successes = 0, trials = 0;
  };
  void take(const Point& point);

  SaturationOptions options_;
  std::vector<Point> points_;  ///< all there were
  CurvePosterior posterior_;
  double unit_ = 1;  ///< examples a unit of the posterior
};

inline Saturation::Saturation(SaturationOptions o)
    : WatchedRule("saturation", o.metric, o.direction), options_(std::move(o)) {
  const auto& p = options_;
  if (!(p.margin > 0 && p.margin < 1))
    refuse(fmt::format("margin = {} must be a share above 0 and below 1", p.margin));
  if (!(p.probability > 0 && p.probability < 1))
    refuse(fmt::format("probability = {} must be above 0 and below 1", p.probability));
  if (p.evaluations < 3) refuse(fmt::format("evaluations = {} must be 3 or more", p.evaluations));
}

inline void Saturation::take(const Point& point) {
  points_.push_back(point);
  // The posterior knows scales of 2^5 to 2^15 units. With a planned end these are 1/640 to 1.6 of it; without
  // one they begin with 32 examples and grow with the run.
  const double plan = std::exp2(ShapeGrid::last_octave) / 1.6, before = unit_;
  if (points_.size() == 1 && point.planned > 0) unit_ = point.planned / plan;
  while (point.x > plan * unit_) unit_ *= 2;
  if (unit_ == before) return posterior_.observe(point.x / unit_, point.successes, point.trials);
  posterior_ = {};
  for (const auto& p : points_) posterior_.observe(p.x / unit_, p.successes, p.trials);
}

inline WatchedRule::Verdict Saturation::judge(const Reading& reading) {
  const auto what = fmt::format("{} {:.3f}", metric(), reading.value);
  if (!reading.score.measured()) return not_a_share(what);
  const auto good = good_share(reading, direction());
  const double x = good.x;
  const auto planned =
      reading.examples > 0 || reading.step == 0 ? static_cast<double>(reading.planned_examples) : 0;
  take({x, planned, good.tally.successes, good.tally.trials});
  const double end = planned > x ? planned : 2 * x;
  if (end <= 0) return {false, what + " is the first, and the planned end is not known"};

  auto f = posterior_.forecast(end / unit_, options_.margin);
  f.examples *= unit_;
  const auto rest = fmt::format(
      "{:.1f} % chance that more than {} is to gain by {:.0f} (expected {:.3f}, 95 % {:.3f} to {:.3f}",
      100 * f.probability, options_.margin, end, f.gain, f.low, f.high);
  const auto count = static_cast<std::int64_t>(points_.size());
  if (f.probability < options_.probability && count >= options_.evaluations)
    return {true, fmt::format("{} has reached its plateau: {})", what, rest), f};
  const auto most = f.examples > 0 ? fmt::format(", most of it within {:.0f} more", f.examples) : "";
  const auto early = count < options_.evaluations ? fmt::format("; {} of {} evaluations that a stop needs",
                                                                count, options_.evaluations)
                                                  : "";
  return {false, fmt::format("{} may still gain: {}{}){}", what, rest, most, early), f};
}

inline void Saturation::put_options(StateWriter& out) const {
  out.option("margin", options_.margin);
  out.option("probability", options_.probability);
  out.option("evaluations", options_.evaluations);
}

inline void Saturation::put_memory(StateWriter& out) const {
  out.put("points", static_cast<std::int64_t>(points_.size()));
  for (std::size_t i = 0; i < points_.size(); ++i)
    out.put(fmt::format("point.{}", i), fmt::format("{} {} {} {}", points_[i].x, points_[i].planned,
                                                    points_[i].successes, points_[i].trials));
}

inline void Saturation::take_memory(const StateReader& in) {
  std::vector<Point> points;
  for (std::int64_t i = 0; i < in.integer("points"); ++i) {
    const auto key = fmt::format("point.{}", i);
    const auto numbers = numbers_from_text<double>(in.text(key));
    if (numbers.size() != 4 || !(numbers[3] > 0))
      throw std::invalid_argument(fmt::format("state: {} = \"{}\" is no point", key, in.text(key)));
    points.push_back({numbers[0], numbers[1], std::llround(numbers[2]), std::llround(numbers[3])});
  }
  clear();
  for (const auto& point : points) take(point);
}

}  // namespace ifstop
