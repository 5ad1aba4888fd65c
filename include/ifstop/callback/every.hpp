// How often to evaluate: on steps, examples, tokens, seconds, epochs, or a share of the planned run.
#pragma once
#include <charconv>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "ifstop/callback/event.hpp"

namespace ifstop {

enum class EveryUnit { steps, examples, tokens, seconds, epochs, share };

/// "every 50 steps". From text as people write it elsewhere:
///   "50" or "50ba" steps; "256ex" or "256sp" examples; "10000tok" tokens; "30s" or "30sec" seconds; "1ep"
///   epochs; "0.1" (a number below 1 without unit) or "0.1dur" a share of the planned steps, rounded up to
///   whole steps.
struct Every {
  double count = 256;
  EveryUnit unit = EveryUnit::examples;

  constexpr Every() = default;
  constexpr Every(double how_many, EveryUnit of) : count(how_many), unit(of) {}
  Every(const char* text) : Every(parse(text)) {}         // NOLINT: .every = "50ba" reads as one
  Every(const std::string& text) : Every(parse(text)) {}  // NOLINT

  /// Throws std::invalid_argument naming the text.
  static Every parse(std::string_view text);
  friend bool operator==(const Every&, const Every&) = default;
};

/// Where a run is, in everything an interval can count.
struct EveryPosition {
  std::int64_t steps = 0, examples = 0, tokens = 0;
  double seconds = 0;
};

/// "50 steps", "256 examples", "0.1 of the run".
inline std::string to_string(const Every& every) {
  static constexpr const char* names[] = {"steps", "examples", "tokens", "seconds", "epochs", "of the run"};
  return fmt::format("{} {}", every.count, names[static_cast<int>(every.unit)]);
}

inline Every Every::parse(std::string_view text) {
  const auto fail = [&](std::string_view why) {
    return std::invalid_argument(fmt::format(
        "interval \"{}\" {}; write a number with a unit: 50 or 50ba, 256ex, 10000tok, 30s, 1ep, 0.1dur", text,
        why));
  };
  double count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{}) throw fail("does not begin with a number");
  if (!(count > 0) || !std::isfinite(count)) throw fail("must be positive");
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  static constexpr std::pair<std::string_view, EveryUnit> units[] = {
      {"ba", EveryUnit::steps},   {"ex", EveryUnit::examples}, {"sp", EveryUnit::examples},
      {"tok", EveryUnit::tokens}, {"s", EveryUnit::seconds},   {"sec", EveryUnit::seconds},
      {"ep", EveryUnit::epochs},  {"dur", EveryUnit::share}};
  Every every{count, count < 1 ? EveryUnit::share : EveryUnit::steps};
  if (!suffix.empty()) {
    bool known = false;
    for (const auto& [name, unit] : units)
      if (suffix == name) every.unit = unit, known = true;
    if (!known) throw fail(fmt::format("has an unknown unit \"{}\"", suffix));
  }
  const bool whole =
      every.unit == EveryUnit::steps || every.unit == EveryUnit::examples || every.unit == EveryUnit::tokens;
  if (whole && count != std::floor(count)) throw fail("must be a whole number in this unit");
  if (every.unit == EveryUnit::share && count > 1) throw fail("is more than the whole run");
  return every;
}

/// The same interval in steps, examples, tokens or seconds. Throws std::invalid_argument where the plan lacks
/// what the unit refers to.
inline Every resolve(const Every& every, const Plan& plan) {
  if (every.unit == EveryUnit::epochs) {
    if (plan.steps_per_epoch <= 0)
      throw std::invalid_argument(fmt::format("an interval of {} needs Plan::steps_per_epoch, which is {}",
                                              to_string(every), plan.steps_per_epoch));
    return {std::ceil(every.count * static_cast<double>(plan.steps_per_epoch)), EveryUnit::steps};
  }
  if (every.unit == EveryUnit::share) {
    if (plan.steps <= 0)
      throw std::invalid_argument(
          fmt::format("an interval of {} needs Plan::steps, which is {}", to_string(every), plan.steps));
    return {std::ceil(every.count * static_cast<double>(plan.steps)), EveryUnit::steps};
  }
  return every;
}

/// How far the run is in the interval's unit (a resolved one).
inline double position_in(const EveryPosition& at, EveryUnit unit) {
  switch (unit) {
    case EveryUnit::steps:
      return static_cast<double>(at.steps);
    case EveryUnit::examples:
      return static_cast<double>(at.examples);
    case EveryUnit::tokens:
      return static_cast<double>(at.tokens);
    default:
      return at.seconds;
  }
}

/// True where a multiple of the (resolved) interval lies after `last` and not after `now`. Counting in
/// multiples, not from the last evaluation, keeps the points where they were when a step overshoots one.
inline bool crossed(const Every& every, const EveryPosition& last, const EveryPosition& now) {
  return std::floor(position_in(now, every.unit) / every.count) >
         std::floor(position_in(last, every.unit) / every.count);
}

}  // namespace ifstop
