// How often 95 % intervals hold the truth: shares, differences of two models, shares corrected for the
// judge's errors.
//
//   bench_intervals [EVALUATIONS [SEED]]      evaluations simulated a setting; default 10,000
//
// Prints coverage by number of prompts and exits with 1 where clustered intervals of shares leave 95 ± 1 % on
// average over the shares .02 to .98, or 91 % at any of them (allowing for the error of the simulation
// itself).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "ifstop/score/correction.hpp"
#include "ifstop/score/interval.hpp"
#include "ifstop/score/paired.hpp"
#include "simulate.hpp"

using namespace intervals;

namespace {

constexpr std::array<std::int64_t, 7> prompt_counts{20, 50, 100, 200, 500, 1000, 2000};

/// Means and worst cases over settings.
struct Coverage {
  double sum = 0, worst = 1;
  int settings = 0;

  void add(double share) {
    sum += share;
    worst = std::min(worst, share);
    ++settings;
  }
  double mean() const { return sum / settings; }
  std::string text() const { return fmt::format("{:>7.1f} {:>6.1f}", 100 * mean(), 100 * worst); }
};

ifstop::GroupSums sums(const std::vector<std::int64_t>& pairs) {
  ifstop::GroupSums result;
  const auto one = static_cast<double>(pairs[1] + pairs[2]);
  result.add(2, 2, 2, static_cast<double>(pairs[0]));
  result.add(2, 1, 1, one);
  result.add(2, 0, 0, static_cast<double>(pairs[3]));
  return result;
}

struct BothCoverages {
  Coverage clustered, plain;
};

/// Over shares .02, .05, … .98; instructions succeed more often than fragments by `gap` where there is room.
BothCoverages shares(std::int64_t prompts, double correlation, double gap, int evaluations, Random& random) {
  BothCoverages result;
  for (int s = 2; s <= 98; s += 3) {
    const double share = s / 100.0, half = std::min({gap / 2, share, 1 - share});
    const auto probabilities = cells(Pair{share + half, share - half, correlation});
    int clustered = 0, plain = 0;
    for (int i = 0; i < evaluations; ++i) {
      const auto counted = sums(draw(prompts / 2, probabilities, random));
      clustered += ifstop::clustered_wilson(counted).holds(share);
      plain += ifstop::wilson(counted.sum(), counted.count()).holds(share);
    }
    result.clustered.add(static_cast<double>(clustered) / evaluations);
    result.plain.add(static_cast<double>(plain) / evaluations);
  }
  return result;
}

/// Prints the table; true where the promise is kept.
bool print_shares(int evaluations, Random& random) {
  struct Setting {
    double correlation, gap;
  };
  constexpr std::array<Setting, 6> settings{{{0, 0}, {0.2, 0}, {0.35, 0}, {0.5, 0}, {0.8, 0}, {0.35, 0.4}}};
  const double noise = 3 * std::sqrt(0.09 * 0.91 / evaluations);
  fmt::print("Shares .02 to .98, pairs of prompts: coverage in %, mean and worst over the shares\n{:>8}",
             "prompts");
  for (const auto& s : settings)
    fmt::print("  {:^14}", s.gap > 0 ? "r .35, gap .4" : fmt::format("r {}", s.correlation));
  fmt::print("  {:^14}\n", "Wilson, r .35");
  bool kept = true;
  for (auto prompts : prompt_counts) {
    fmt::print("{:>8}", prompts);
    std::string plain;
    for (const auto& s : settings) {
      const auto found = shares(prompts, s.correlation, s.gap, evaluations, random);
      if (s.correlation == 0.35 && s.gap == 0) plain = found.plain.text();
      fmt::print("  {}", found.clustered.text());
      // With a gap all evaluations hold both kinds in equal parts, which a share of all does not know.
      kept = kept && found.clustered.mean() > 0.94 && found.clustered.worst > 0.91 - noise &&
             (s.gap > 0 || found.clustered.mean() < 0.96);
    }
    fmt::print("  {}\n", plain);
  }
  return kept;
}

ifstop::PairedGroups differences(const std::vector<std::int64_t>& pairs) {
  ifstop::PairedGroups result;
  for (int d = -1; d <= 1; ++d)
    for (int e = -1; e <= 1; ++e) {
      const int up = (d > 0) + (e > 0), down = (d < 0) + (e < 0);
      result.add({0, up, down, 2 - up - down}, pairs[static_cast<std::size_t>(3 * (d + 1) + e + 1)]);
    }
  return result;
}

void print_differences(int evaluations, Random& random) {
  constexpr std::array<std::array<double, 2>, 8> shares{
      {{.5, .5}, {.3, .5}, {.9, .9}, {.8, .95}, {.1, .3}, {.02, .1}, {.97, .97}, {.6, .9}}};
  constexpr std::array<std::array<double, 3>, 5> effects{
      {{0, 0, 0}, {.3, .2, 0}, {.2, 0, .4}, {.3, .1, .5}, {.6, .3, 0}}};
  std::vector<std::array<double, 9>> settings;
  for (const auto& [first, second] : shares)
    for (const auto& [pair, prompt, model] : effects)
      settings.push_back(cells(TwoModels{first, second, pair, prompt, model}, 200 * evaluations, random));
  fmt::print(
      "\nTwo models on the same pairs of prompts, {} settings: coverage of the difference in %, and how "
      "often "
      "mid-p is "
      "below .05 where the shares are equal\n{:>8}  {:^14}  {:^14}  {:^17}  {:^17}\n",
      settings.size(), "prompts", "clustered", "plain", "clustered p", "plain p");
  for (auto prompts : prompt_counts) {
    Coverage clustered, plain, clustered_p, plain_p;
    for (const auto& probabilities : settings) {
      double truth = 0;
      for (std::size_t i = 0; i < 9; ++i)
        truth += probabilities[i] * (static_cast<double>(i / 3 + i % 3) - 2) / 2;
      const bool equal = std::abs(truth) < 1e-12;
      int held = 0, held_plain = 0, quiet = 0, quiet_plain = 0;
      for (int i = 0; i < evaluations; ++i) {
        const auto groups = differences(draw(prompts / 2, probabilities, random));
        held += ifstop::paired_difference(groups).holds(truth);
        held_plain += ifstop::paired_difference(groups.counts()).holds(truth);
        if (!equal) continue;
        quiet += ifstop::mcnemar_mid_p(groups) >= 0.05;
        quiet_plain += ifstop::mcnemar_mid_p(groups.counts()) >= 0.05;
      }
      clustered.add(static_cast<double>(held) / evaluations);
      plain.add(static_cast<double>(held_plain) / evaluations);
      if (!equal) continue;
      clustered_p.add(static_cast<double>(quiet) / evaluations);
      plain_p.add(static_cast<double>(quiet_plain) / evaluations);
    }
    const auto alarms = [](const Coverage& c) {
      return fmt::format("{:>7.1f}, max {:>4.1f}", 100 - 100 * c.mean(), 100 - 100 * c.worst);
    };
    fmt::print("{:>8}  {}  {}  {:>17}  {:>17}\n", prompts, clustered.text(), plain.text(),
               alarms(clustered_p), alarms(plain_p));
  }
}

void print_corrections(int evaluations, Random& random) {
  const auto count = [&](std::int64_t n, double p) {
    return std::binomial_distribution<std::int64_t>(n, p)(random);
  };
  fmt::print(
      "\nShares .02 to .98 of 200 prompts, corrected for the judge's errors: coverage in %, mean and worst, "
      "and how often "
      "refused\n");
  for (const auto& [sensitivity, specificity] : {std::pair{0.95, 0.95}, {0.93, 0.85}, {0.9, 0.75}})
    for (std::int64_t labelled : {60, 200, 1000}) {
      Coverage corrected, raw;
      int refused = 0;
      for (int s = 2; s <= 98; s += 3) {
        const double truth = s / 100.0, seen = truth * sensitivity + (1 - truth) * (1 - specificity);
        int held = 0, answered = 0, held_raw = 0;
        for (int i = 0; i < evaluations; ++i) {
          const auto successes = static_cast<double>(count(200, seen));
          const auto found = ifstop::corrected_share(
              successes, 200,
              {{count(labelled, sensitivity), labelled, {}}, {count(labelled, specificity), labelled, {}}});
          held_raw += ifstop::wilson(successes, 200).holds(truth);
          answered += found.share.has_value();
          held += found.interval.holds(truth);
        }
        refused += evaluations - answered;
        if (answered > 0) corrected.add(static_cast<double>(held) / answered);
        raw.add(static_cast<double>(held_raw) / evaluations);
      }
      fmt::print(
          "  sensitivity {:.2f}, specificity {:.2f}, {:>4} labelled rows each: {}  (uncorrected {}), refused "
          "{:.1f}\n",
          sensitivity, specificity, labelled, corrected.text(), raw.text(),
          100.0 * refused / evaluations / raw.settings);
    }
}

}  // namespace

int main(int argc, char** argv) {
  const int evaluations = argc > 1 ? std::atoi(argv[1]) : 10000;
  if (evaluations < 1) {
    fmt::print(stderr, "usage: bench_intervals [EVALUATIONS [SEED]]\n");
    return 2;
  }
  Random random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  const bool kept = print_shares(evaluations, random);
  print_differences(std::max(1, evaluations / 5), random);
  print_corrections(std::max(1, evaluations / 5), random);
  fmt::print("\n{}\n", kept ? "The promise for shares is kept: 95 ± 1 % on average, nowhere below 91 %."
                            : "The promise for shares is BROKEN.");
  return kept ? 0 : 1;
}
