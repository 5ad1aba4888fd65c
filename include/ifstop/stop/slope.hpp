// Stops where the upper bound of the present slope says that little more would come.
#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ifstop/stop/share_memory.hpp"
#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

struct SlopeOptions {
  std::string metric = "ifs";                 ///< a score's name; the rule needs its counts
  Direction direction = Direction::maximize;  ///< minimize watches the share of failures instead
  double margin = 0.03;                       ///< a rise over one more window that is not worth going on for
  double standard_errors = 1.645;  ///< the bound lies so many above the slope; 0 = the slope itself
  std::int64_t window = 12;        ///< readings; at least 4
};

/// With the straight line through the last `window` readings (stop/trend.hpp), its rise over the window Δ and
/// the standard error se of Δ:
///   stop  where  Δ + standard_errors·se <= margin.
/// It knows nothing of what lies outside the window: a slow start is a plateau to it.
class Slope : public WatchedRule {
 public:
  explicit Slope(SlopeOptions options = {});

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override;
  void clear() override { readings_.clear(); }
  void put_memory(StateWriter& out) const override { put_shares(out, readings_); }
  void take_memory(const StateReader& in) override { readings_ = shares_from(in); }

 private:
  SlopeOptions options_;
  std::vector<ShareAt> readings_;
};

inline Slope::Slope(SlopeOptions o) : WatchedRule("slope", o.metric, o.direction), options_(std::move(o)) {
  const auto& p = options_;
  if (!(p.margin > 0 && p.margin < 1))
    refuse(fmt::format("margin = {} must be a share above 0 and below 1", p.margin));
  if (!(p.standard_errors >= 0) || !std::isfinite(p.standard_errors))
    refuse(fmt::format("standard_errors = {} must be 0 or more", p.standard_errors));
  if (p.window < 4) refuse(fmt::format("window = {} must be 4 or more", p.window));
}

inline WatchedRule::Verdict Slope::judge(const Reading& reading) {
  const auto what = fmt::format("{} {:.3f}", metric(), reading.value);
  if (!reading.score.measured()) return not_a_share(what);
  readings_.push_back(good_share(reading, direction()));
  const auto window = static_cast<std::size_t>(options_.window);
  if (readings_.size() > window) readings_.erase(readings_.begin());
  if (readings_.size() < window)
    return {false,
            fmt::format("{}: {} of {} evaluations that a judgement needs", what, readings_.size(), window)};
  const auto change = trend(readings_);
  const double most = change.change + options_.standard_errors * change.standard_error;
  return {most <= options_.margin,
          fmt::format("{} rises by at most {:.3f} over {} evaluations (measured {:+.3f}, standard error "
                      "{:.3f}); limit {}",
                      what, most, window, std::round(1000 * change.change) / 1000 + 0.0,
                      change.standard_error, options_.margin)};
}

inline void Slope::put_options(StateWriter& out) const {
  out.option("margin", options_.margin);
  out.option("standard_errors", options_.standard_errors);
  out.option("window", options_.window);
}

}  // namespace ifstop
