// Rules by name, as the command line and configuration files give them.
#pragma once
#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/stop/all_of.hpp"
#include "ifstop/stop/any_of.hpp"
#include "ifstop/stop/guard_rail.hpp"
#include "ifstop/stop/patience.hpp"
#include "ifstop/stop/plateau.hpp"
#include "ifstop/stop/saturation.hpp"
#include "ifstop/stop/sequential.hpp"
#include "ifstop/stop/slope.hpp"
#include "ifstop/stop/threshold.hpp"

namespace ifstop {

/// Options as text, by the names of the rule's option struct: {"patience", "3"}.
using RuleOptions = std::map<std::string, std::string, std::less<>>;

/// The rules that make_rule knows.
inline constexpr std::string_view rule_names[] = {"default", "patience",   "plateau",   "saturation",
                                                  "slope",   "sequential", "threshold", "guard_rail"};

/// A rule by name, watching `metrics` ("ifs,ifs_strict": one rule each, and stop when all have said so).
/// "default" is saturation. Names joined by + ("default+guard_rail:fall=0.1"): stop when any says so;
/// guard_rail watches objecqa, or what its option metric names. The name may carry options:
/// "patience:patience=1,min_delta=0.01". Throws std::invalid_argument naming the rule or option that is not
/// known, with those that are.
RulePtr make_rule(std::string_view name, std::string_view metrics = "ifs,ifs_strict",
                  RuleOptions options = {});

namespace rules_detail {

/// Reads text options into a rule's struct and remembers which names there are.
class OptionReader {
 public:
  OptionReader(std::string rule, RuleOptions options) : rule_(std::move(rule)), left_(std::move(options)) {}

  template <class T>
  void read(std::string_view name, T& into) {
    if (const auto text = take(name)) into = number<T>(name, *text);
  }
  template <class T>
  void read(std::string_view name, std::optional<T>& into) {
    const auto text = take(name);
    if (text && *text == "none")
      into.reset();
    else if (text)
      into = number<T>(name, *text);
  }
  template <class T>
  void choose(std::string_view name, T& into, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const auto text = take(name);
    if (!text) return;
    std::string known;
    for (const auto& [choice, value] : choices) {
      if (*text == choice) {
        into = value;
        return;
      }
      known += (known.empty() ? "" : ", ") + std::string(choice);
    }
    throw std::invalid_argument(fmt::format("rule {}: {} = \"{}\" is none of {}", rule_, name, *text, known));
  }
  /// Throws where an option is left that nobody read.
  void finish() const {
    if (!left_.empty())
      throw std::invalid_argument(
          fmt::format("rule {} has no option \"{}\"; it has {}", rule_, left_.begin()->first, known_));
  }

 private:
  std::optional<std::string> take(std::string_view name) {
    known_ += (known_.empty() ? "" : ", ") + std::string(name);
    const auto found = left_.find(name);
    if (found == left_.end()) return std::nullopt;
    auto text = std::move(found->second);
    left_.erase(found);
    return text;
  }
  template <class T>
  T number(std::string_view name, const std::string& text) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
      throw std::invalid_argument(fmt::format("rule {}: {} = \"{}\" is not a {}number", rule_, name, text,
                                              std::is_integral_v<T> ? "whole " : ""));
    return value;
  }

  std::string rule_, known_;
  RuleOptions left_;
};

inline void read_direction(OptionReader& in, Direction& direction) {
  in.choose("direction", direction, {{"maximize", Direction::maximize}, {"minimize", Direction::minimize}});
}

inline RulePtr make_patience(PatienceOptions o, OptionReader in) {
  read_direction(in, o.direction);
  in.read("patience", o.patience);
  in.read("min_delta", o.min_delta);
  in.choose("delta", o.delta, {{"absolute", DeltaKind::absolute}, {"relative", DeltaKind::relative}});
  in.choose("improvement", o.improvement,
            {{"over_last", Improvement::over_last}, {"over_best", Improvement::over_best}});
  in.read("min_evaluations", o.min_evaluations);
  in.read("cooldown", o.cooldown);
  in.read("window", o.window);
  in.read("target", o.target);
  in.read("baseline", o.baseline);
  in.read("divergence", o.divergence);
  in.finish();
  return std::make_unique<Patience>(std::move(o));
}

inline RulePtr make_plateau(PlateauOptions o, OptionReader in) {
  read_direction(in, o.direction);
  in.read("tolerance", o.tolerance);
  in.read("standard_errors", o.standard_errors);
  in.read("evaluations", o.evaluations);
  in.read("window", o.window);
  in.read("rise_standard_errors", o.rise_standard_errors);
  in.read("settled_level", o.settled_level);
  in.finish();
  return std::make_unique<Plateau>(std::move(o));
}

inline RulePtr make_saturation(SaturationOptions o, OptionReader in) {
  read_direction(in, o.direction);
  in.read("margin", o.margin);
  in.read("probability", o.probability);
  in.read("evaluations", o.evaluations);
  in.finish();
  return std::make_unique<Saturation>(std::move(o));
}

inline RulePtr make_slope(SlopeOptions o, OptionReader in) {
  read_direction(in, o.direction);
  in.read("margin", o.margin);
  in.read("standard_errors", o.standard_errors);
  in.read("window", o.window);
  in.finish();
  return std::make_unique<Slope>(std::move(o));
}

inline RulePtr make_sequential(SequentialOptions o, OptionReader in) {
  read_direction(in, o.direction);
  in.read("error", o.error);
  in.read("pairs", o.pairs);
  in.finish();
  return std::make_unique<Sequential>(std::move(o));
}

inline RulePtr make_guard_rail(RuleOptions options) {
  GuardRailOptions o;
  if (const auto metric = options.find("metric"); metric != options.end()) {
    o.metric = metric->second;
    options.erase(metric);
  }
  OptionReader in("guard_rail", std::move(options));
  read_direction(in, o.direction);
  in.read("fall", o.fall);
  in.read("standard_errors", o.standard_errors);
  in.read("evaluations", o.evaluations);
  in.finish();
  return std::make_unique<GuardRail>(std::move(o));
}

inline RulePtr make_threshold(ThresholdOptions o, OptionReader in) {
  read_direction(in, o.direction);
  in.read("threshold", o.threshold);
  in.read("evaluations", o.evaluations);
  in.choose("bound", o.bound, {{"interval", Bound::interval}, {"value", Bound::value}});
  in.finish();
  return std::make_unique<Threshold>(std::move(o));
}

inline RulePtr make_single(const std::string& name, std::string metric, const RuleOptions& options) {
  OptionReader in(name, options);
  if (name == "patience") return make_patience({.metric = std::move(metric)}, std::move(in));
  if (name == "threshold") return make_threshold({.metric = std::move(metric)}, std::move(in));
  if (name == "saturation" || name == "default")
    return make_saturation({.metric = std::move(metric)}, std::move(in));
  if (name == "slope") return make_slope({.metric = std::move(metric)}, std::move(in));
  if (name == "sequential") return make_sequential({.metric = std::move(metric)}, std::move(in));
  if (name == "plateau") return make_plateau({.metric = std::move(metric)}, std::move(in));
  throw std::invalid_argument(
      fmt::format("there is no rule \"{}\"; there are {}", name, fmt::join(rule_names, ", ")));
}

inline std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    parts.emplace_back(text.substr(0, text.find(at)));
    if (parts.back().size() == text.size()) return parts;
    text.remove_prefix(parts.back().size() + 1);
  }
}

}  // namespace rules_detail

inline RulePtr make_rule(std::string_view name, std::string_view metrics, RuleOptions options) {
  for (auto plus = name.find('+'); plus != name.npos; plus = name.find('+', plus + 1)) {
    if (plus + 1 == name.size() || name[plus + 1] < 'a' || name[plus + 1] > 'z')
      continue;  // 1e+3 is a number
    std::vector<RulePtr> members;
    members.push_back(make_rule(name.substr(0, plus), metrics, options));
    members.push_back(make_rule(name.substr(plus + 1), metrics, options));
    return std::make_unique<AnyOf>(std::move(members));
  }
  const auto colon = name.find(':');
  if (colon != name.npos) {
    for (const auto& option : rules_detail::split(name.substr(colon + 1), ',')) {
      const auto equals = option.find('=');
      if (equals == option.npos)
        throw std::invalid_argument(
            fmt::format("rule \"{}\": \"{}\" is not option=value", name.substr(0, colon), option));
      options[option.substr(0, equals)] = option.substr(equals + 1);
    }
    name = name.substr(0, colon);
  }
  if (name == "guard_rail") return rules_detail::make_guard_rail(std::move(options));
  std::vector<RulePtr> members;
  for (auto& metric : rules_detail::split(metrics, ','))
    members.push_back(rules_detail::make_single(std::string(name), std::move(metric), options));
  if (members.size() == 1) return std::move(members.front());
  return std::make_unique<AllOf>(std::move(members), std::string(name));
}

}  // namespace ifstop
