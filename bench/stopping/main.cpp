// The stop benchmark: every rule on simulated curves with known truth. Prints Markdown.
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "measure.hpp"

namespace {

using namespace stopping;

struct NamedRule {
  std::string label, rule;
};

const std::vector<NamedRule> rules{
    {"Keras' default: patience 0", "patience:patience=0"},
    {"Hugging Face's default: patience 1", "patience:patience=1,improvement=over_best"},
    {"Lightning's default: patience 3", "patience:patience=3"},
    {"patience 3, min_delta 0.01", "patience:patience=3,min_delta=0.01"},
    {"patience 5", "patience:patience=5"},
    {"patience 10", "patience:patience=10"},
    {"slope over 12 points", "slope"},
    {"slope over 16 points", "slope:window=16"},
    {"plateau", "plateau"},
    {"saturation (default)", "saturation"},
};

struct NamedConditions {
  std::string label;
  Conditions conditions;
};

std::vector<NamedConditions> variants() {
  std::vector<NamedConditions> all;
  for (const int prompts : {50, 100, 1000})
    all.push_back({fmt::format("{} prompts", prompts), {.prompts = prompts}});
  for (const double spacing : {64, 128, 512, 1024, 2048})
    all.push_back({fmt::format("every {:.0f} examples", spacing), {.spacing = spacing}});
  const double common = Conditions{}.common;
  all.push_back({"no common noise", {.common = 0}});
  all.push_back({"common noise × 2", {.common = 2 * common}});
  all.push_back({"common noise × 4", {.common = 4 * common}});
  all.push_back({"common noise white", {.carry = 0}});
  all.push_back({"spacing × 1.1 each time", {.spacing = 128, .growth = 1.1}});
  all.push_back({"prompts draw anew each time", {.stable = 0}});
  return all;
}

std::vector<Curve> curves_of(const Conditions& conditions, int count, std::uint64_t seed) {
  auto curves = simulate(conditions, true, count, seed);
  for (auto& curve : simulate(conditions, false, count, seed + 1)) curves.push_back(std::move(curve));
  return curves;
}

void print_row(const std::string& label, const Tally& t) {
  fmt::print("| {} | {:.1f} % | {:.1f} % | {:.2f} | {:.1f} | {:.4f} |\n", label, 100 * t.early_rate(),
             100 * t.early_rate_of_rising(), t.mean_extra(), t.mean_late(), t.mean_lost());
}

void print_header(const std::string& what) {
  fmt::print(
      "\n| {} | too early | of the rising | extra | evaluations late | gain lost "
      "|\n|---|---|---|---|---|---|\n",
      what);
}

void print_calibration(const Calibration& c) {
  fmt::print("\n| stated | rows | mean stated | happened |\n|---|---|---|---|\n");
  for (std::size_t i = 0; i < 10; ++i)
    if (c.count[i] > 0)
      fmt::print("| {:.1f} to {:.1f} | {} | {:.2f} | {:.2f} |\n", .1 * static_cast<double>(i),
                 .1 * static_cast<double>(i + 1), c.count[i], c.stated[i] / c.count[i],
                 c.happened[i] / c.count[i]);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::uint64_t tuning_seed = 1, seed = 1001;
  const bool tuning = argc > 2;
  const Conditions normal;
  const auto known = simulate(normal, true, count, tuning ? tuning_seed : seed);
  const auto fresh = simulate(normal, false, count, tuning ? tuning_seed + 1 : seed + 1);
  const auto report = [&](const std::string& title, const std::vector<Curve>& curves) {
    fmt::print("\n## {}: {} curves\n", title, curves.size());
    print_header("rule");
    for (const auto& [label, rule] : rules) print_row(label, measure(rule, curves, normal.planned).all);
    const auto result = measure("saturation", curves, normal.planned);
    print_header("family, default rule");
    for (const auto& [name, tally] : result.families) print_row(name, tally);
    print_calibration(result.calibration);
  };
  report("Families used for tuning, other seeds", known);
  report("Families not used for tuning", fresh);
  fmt::print("\n## All families, under other conditions, default rule\n");
  print_header("conditions");
  for (const auto& [label, conditions] : variants())
    print_row(label, measure("saturation", curves_of(conditions, count / 2, seed), conditions.planned).all);
}
