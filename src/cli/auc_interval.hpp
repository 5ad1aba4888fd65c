// How far an AUC may be off: rows of one prompt resemble each other, so prompts are drawn, not rows.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "cli/random.hpp"
#include "cli/roc.hpp"
#include "ifstop/score/interval.hpp"

namespace ifstop::cli {

/// The 95 % interval of area_under_curve by 1,000 bootstrap samples of the prompts (percentiles). `prompts`
/// names the prompt of each row. NaN where a sample of both labels cannot be had. The same rows give the same
/// interval.
inline Interval auc_interval(const std::vector<Judged>& rows, const std::vector<std::string>& prompts) {
  constexpr int samples = 1000;
  std::map<std::string, std::vector<Judged>> by_prompt;
  for (std::size_t i = 0; i < rows.size(); ++i) by_prompt[prompts[i]].push_back(rows[i]);
  std::vector<std::vector<Judged>> groups;
  for (auto& [prompt, group] : by_prompt) groups.push_back(std::move(group));
  Random random(1);
  std::vector<double> values;
  for (int sample = 0; sample < samples && !groups.empty(); ++sample) {
    std::vector<Judged> drawn;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto& group = random.pick(groups);
      drawn.insert(drawn.end(), group.begin(), group.end());
    }
    if (const double value = area_under_curve(std::move(drawn)); !std::isnan(value)) values.push_back(value);
  }
  if (values.size() < samples / 2) return {std::nan(""), std::nan("")};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return {at(0.025), at(0.975)};
}

/// The share of negatives below the threshold that finds at least `recall` of the positives.
inline double specificity_at_recall(std::vector<Judged> rows, double recall) {
  std::sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.probability > b.probability; });
  std::size_t positives = 0;
  for (const auto& row : rows) positives += row.positive;
  const auto wanted = static_cast<std::size_t>(std::ceil(recall * static_cast<double>(positives)));
  std::size_t found = 0, wrong = 0;
  for (std::size_t i = 0;
       i < rows.size() && (found < wanted || (i > 0 && rows[i].probability == rows[i - 1].probability)); ++i)
    (rows[i].positive ? found : wrong) += 1;
  const auto negatives = rows.size() - positives;
  return negatives == 0 ? std::nan("") : 1 - static_cast<double>(wrong) / static_cast<double>(negatives);
}

}  // namespace ifstop::cli
