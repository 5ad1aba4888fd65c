// Stops where a share of prompts has risen and rests.
#pragma once
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/stop/share_memory.hpp"
#include "ifstop/stop/trend.hpp"
#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

struct PlateauOptions {
  std::string metric = "ifs";                 ///< a score's name; the rule needs its counts
  Direction direction = Direction::maximize;  ///< minimize watches the share of failures instead
  double tolerance = 0.04;                    ///< a rise over the window that is not worth going on for
  double standard_errors = 1.0;  ///< so many are added to the measured rise before it is compared; 0 = none
  std::int64_t evaluations = 5;  ///< the window has at least so many readings; at least 3
  double window = 1.0 / 3;  ///< and reaches back at least this share of the run so far; 0 = no such limit
  double rise_standard_errors = 3;  ///< a curve must first have risen from its start by so many; 0 = need not
  double settled_level = 0.8;       ///< a curve that starts at or above this need not rise first
};

/// Window: the last `evaluations` readings, or more where those cover less than the share `window` of the
/// examples so far (readings that lie close together tell little by themselves). With the trend over it
/// (stop/trend.hpp) the answer is stop where
///   change <= 0   or   change + standard_errors·se <= tolerance
/// and the curve had risen before:  p̄ − p_0 >= rise_standard_errors·√(v(p̄) + v(p_0)), p̄ the share pooled over
/// the window, p_0 the first reading, which must lie before the window; or p_0 >= settled_level. So a flat
/// start is no plateau, and noise neither hides one for long (change <= 0 has even odds on a plateau, at each
/// reading) nor makes one: what is needed is that readings pooled over a third of the run do not rise.
class Plateau : public WatchedRule {
 public:
  explicit Plateau(PlateauOptions options = {});

 protected:
  Verdict judge(const Reading& reading) override;
  void put_options(StateWriter& out) const override;
  void clear() override { first_.reset(), readings_.clear(); }
  void put_memory(StateWriter& out) const override;
  void take_memory(const StateReader& in) override;

 private:
  std::vector<ShareAt> keep_window(double now);
  bool has_risen(std::span<const ShareAt> window) const;
  std::string change_text(const Trend& trend, std::span<const ShareAt> window) const;

  PlateauOptions options_;
  std::optional<ShareAt> first_;
  std::vector<ShareAt> readings_;  ///< those that a window may still reach, as shares of what is good
};

inline Plateau::Plateau(PlateauOptions o)
    : WatchedRule("plateau", o.metric, o.direction), options_(std::move(o)) {
  const auto& p = options_;
  if (!(p.tolerance > 0 && p.tolerance < 1))
    refuse(fmt::format("tolerance = {} must be a share above 0 and below 1", p.tolerance));
  if (!(p.standard_errors >= 0) || !std::isfinite(p.standard_errors))
    refuse(fmt::format("standard_errors = {} must be 0 or more", p.standard_errors));
  if (p.evaluations < 3) refuse(fmt::format("evaluations = {} must be 3 or more", p.evaluations));
  if (!(p.window >= 0 && p.window < 1))
    refuse(fmt::format("window = {} must be a share from 0 to below 1", p.window));
  if (!(p.rise_standard_errors >= 0) || !std::isfinite(p.rise_standard_errors))
    refuse(fmt::format("rise_standard_errors = {} must be 0 or more", p.rise_standard_errors));
  if (!(p.settled_level >= 0 && p.settled_level <= 1))
    refuse(fmt::format("settled_level = {} must be a share from 0 to 1", p.settled_level));
}

/// Drops readings that no later window can reach, and gives the present one.
inline std::vector<ShareAt> Plateau::keep_window(double now) {
  const auto least = static_cast<std::size_t>(options_.evaluations);
  const double reach = now * (1 - options_.window);
  std::size_t begin = readings_.size() > least ? readings_.size() - least : 0;
  while (begin > 0 && readings_[begin].x > reach) --begin;
  readings_.erase(readings_.begin(), readings_.begin() + static_cast<std::ptrdiff_t>(begin));
  return readings_;
}

inline bool Plateau::has_risen(std::span<const ShareAt> window) const {
  if (options_.rise_standard_errors == 0 || first_->tally.value() >= options_.settled_level) return true;
  if (window.front().x <= first_->x) return false;
  Tally pooled;
  for (const auto& r : window) pooled.successes += r.tally.successes, pooled.trials += r.tally.trials;
  const double variance = share_variance(pooled.successes, pooled.trials) +
                          share_variance(first_->tally.successes, first_->tally.trials);
  return pooled.value() - first_->tally.value() >= options_.rise_standard_errors * std::sqrt(variance);
}

inline std::string Plateau::change_text(const Trend& trend, std::span<const ShareAt> window) const {
  const double change = direction() == Direction::maximize ? trend.change : -trend.change;
  return fmt::format(
      "over the last {} evaluations, from {} on, it changed by {:+.3f} (standard error {:.3f})",
      window.size(), window.front().x, std::round(1000 * change) / 1000 + 0.0,
      trend.standard_error);  // no "-0.000"
}

inline WatchedRule::Verdict Plateau::judge(const Reading& reading) {
  const auto what = fmt::format("{} {:.3f}", metric(), reading.value);
  if (!reading.score.measured()) return not_a_share(what);
  auto good = good_share(reading, direction());
  const double x = good.x;
  if (!first_) first_ = good, first_->tally.outcomes.clear();
  readings_.push_back(std::move(good));
  if (readings_.size() < static_cast<std::size_t>(options_.evaluations))
    return {false, fmt::format("{}: {} of {} evaluations that a judgement needs", what, readings_.size(),
                               options_.evaluations)};
  const auto window = keep_window(x);
  if (!has_risen(window)) {
    const double first = first_->tally.value();
    return {false, fmt::format("{} has not yet risen beyond noise from its start at {:.3f}", what,
                               direction() == Direction::maximize ? first : 1 - first)};
  }
  const auto change = trend(window);
  const auto text = change_text(change, window);
  if (change.change <= 0) return {true, fmt::format("{} has reached its plateau: {}", what, text)};
  const double most = change.change + options_.standard_errors * change.standard_error;
  if (most <= options_.tolerance)
    return {true, fmt::format("{} has reached its plateau: {}, within the tolerance {}", what, text,
                              options_.tolerance)};
  return {false, fmt::format("{} may still be rising: {}", what, text)};
}

inline void Plateau::put_options(StateWriter& out) const {
  out.option("tolerance", options_.tolerance);
  out.option("standard_errors", options_.standard_errors);
  out.option("evaluations", options_.evaluations);
  out.option("window", options_.window);
  out.option("rise_standard_errors", options_.rise_standard_errors);
  out.option("settled_level", options_.settled_level);
}

inline void Plateau::put_memory(StateWriter& out) const {
  out.put("first", first_ ? to_text(*first_) : "none");
  put_shares(out, readings_);
}

inline void Plateau::take_memory(const StateReader& in) {
  std::optional<ShareAt> first;
  if (in.text("first") != "none") first = share_from_text(in.text("first"));
  readings_ = shares_from(in);
  first_ = std::move(first);
}

}  // namespace ifstop
