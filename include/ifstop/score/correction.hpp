// A share as it would read with a judge that makes no mistakes (the paper leaves the classifier's error out).
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "ifstop/score/interval.hpp"
#include "ifstop/score/judge.hpp"

namespace ifstop {

/// How a judge did on labelled text that models wrote. Counts, because a quality known from 59 rows is itself
/// uncertain.
struct JudgeQuality {
  Tally sensitivity;  ///< true positives among positives
  Tally specificity;  ///< true negatives among negatives

  /// Sensitivity + specificity − 1: 0 for a coin, 1 for a judge without errors.
  double youden() const { return sensitivity.value() + specificity.value() - 1; }
};

/// From what a judge says of itself; without trials where it does not know its labelled rows.
inline JudgeQuality judge_quality(const JudgeInfo& info) {
  const auto tally = [](double share, std::int64_t rows) {
    return Tally{rows > 0 ? std::llround(share * static_cast<double>(rows)) : 0, rows, {}};
  };
  return {tally(info.sensitivity, info.positives), tally(info.specificity, info.negatives)};
}

/// A corrected share with its interval, or the reason why there is none.
struct Correction {
  std::optional<double> share;
  Interval interval;
  std::string reason;  ///< empty where there is a share
};

/// Below this Youden index corrected values are worse than raw ones: dividing by it magnifies every error. A
/// trial with .5, known from 59 negatives, moved the values away from the truth.
inline constexpr double least_youden = 0.6;

/// W. J. Rogan, B. Gladen, Am. J. Epidemiol. 107 (1978) 71:
///   true = (observed + specificity − 1) / (sensitivity + specificity − 1)
/// with the 95 % interval of Z. Lang, J. Reiczigel, Prev. Vet. Med. 113 (2014) 13, which takes in how well
/// both are known. Values outside 0 to 1 are moved to the nearer end. `trials` may be an effective number
/// (n / design effect, GroupSums). Throws std::invalid_argument where successes exceed trials.
inline Correction corrected_share(double successes, double trials, const JudgeQuality& quality,
                                  double z = z95) {
  if (!(successes >= 0 && successes <= trials))
    throw std::invalid_argument(fmt::format("corrected_share: {} successes in {} trials", successes, trials));
  const auto none = [](std::string reason) { return Correction{std::nullopt, {}, std::move(reason)}; };
  if (trials == 0) return none("nothing was measured");
  const auto positives = static_cast<double>(quality.sensitivity.trials),
             negatives = static_cast<double>(quality.specificity.trials);
  if (positives == 0 || negatives == 0) return none("the judge's sensitivity or specificity is not known");
  if (quality.youden() < least_youden)
    return none(fmt::format(
        "the judge is too weak to correct for: sensitivity {:.2f} + specificity {:.2f} - 1 = {:.2f} is below "
        "{}",
        quality.sensitivity.value(), quality.specificity.value(), quality.youden(), least_youden));
  const auto within = [](double x) { return std::clamp(x, 0.0, 1.0); };
  // Lang and Reiczigel: shares pulled to the middle, by z² trials here, by two in the judge's quality.
  const double n = trials + z * z, p = (successes + z * z / 2) / n;
  const double se = (static_cast<double>(quality.sensitivity.successes) + 1) / (positives + 2);
  const double sp = (static_cast<double>(quality.specificity.successes) + 1) / (negatives + 2);
  const double youden = se + sp - 1, prevalence = (p + sp - 1) / youden;
  const double se_part = se * (1 - se) / (positives + 2), sp_part = sp * (1 - sp) / (negatives + 2);
  const double centre = prevalence + 2 * z * z * (prevalence * se_part - (1 - prevalence) * sp_part);
  const double half = z *
                      std::sqrt(p * (1 - p) / n + prevalence * prevalence * se_part +
                                (1 - prevalence) * (1 - prevalence) * sp_part) /
                      youden;
  const double share = (successes / trials + quality.specificity.value() - 1) / quality.youden();
  return {within(share), {within(centre - half), within(centre + half)}, ""};
}

}  // namespace ifstop
