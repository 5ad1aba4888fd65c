// A run without a model: answers get better with the steps, a judge that knows them, a clock that is told the
// time.
#pragma once
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ifstop/callback/ifs_callback.hpp"
#include "ifstop/stop/rules.hpp"

namespace ifstop_test {

/// Takes everything that begins with "Answer" for an answer.
class PrefixJudge : public ifstop::Judge {
 public:
  std::vector<double> probabilities(std::span<const ifstop::JudgePair> pairs) const override {
    std::vector<double> all;
    for (const auto& pair : pairs) all.push_back(pair.response.starts_with("Answer") ? 1.0 : 0.0);
    return all;
  }
  const ifstop::JudgeInfo& info() const override {
    static const ifstop::JudgeInfo info{.name = "prefix", .version = "1"};
    return info;
  }
};

inline const PrefixJudge& judge() {
  static const PrefixJudge judge;
  return judge;
}

inline ifstop::PromptSet prompts(int count) {
  ifstop::PromptSet set{"fake", "1", {}};
  for (int i = 0; i < count; ++i) {
    ifstop::Prompt prompt;
    prompt.id = fmt::format("p{}", i), prompt.text = fmt::format("Do thing number {}", i);
    set.prompts.push_back(prompt);
  }
  return set;
}

/// The model and its trainer's clock: one second a step, `seconds_eval` an evaluation.
struct FakeRun {
  std::int64_t step = 0;
  double now = 1000;  // a clock may begin anywhere
  double seconds_eval = 2;
  std::vector<ifstop::GenerateRequest> requests{};

  double share() const { return .94 - .74 * std::exp(-static_cast<double>(step) / 50); }

  ifstop::Generate generate() {
    return [this](const ifstop::GenerateRequest& request) {
      requests.push_back(request);
      now += seconds_eval;
      std::vector<ifstop::Completion> all;
      for (std::size_t i = 0; i < request.prompts.size(); ++i) {
        const double luck =
            static_cast<double>((request.seeds[i] ^ static_cast<std::uint64_t>(step * 7919)) % 1009) / 1009;
        all.push_back({luck < share() ? "Answer." : "Another question?", 3, ifstop::FinishReason::eos});
      }
      return all;
    };
  }
  std::function<double()> clock() {
    return [this] { return now; };
  }
  ifstop::IfsCallback callback(ifstop::IfsOptions options, const std::string& rule = "default",
                               int prompt_count = 100) {
    options.clock = clock();
    return {generate(), prompts(prompt_count), ifstop::Scorer(judge()), ifstop::make_rule(rule, "ifs"),
            std::move(options)};
  }
};

/// No limit on cost, fixed interval: repeats exactly.
inline ifstop::IfsOptions every(const char* interval) {
  ifstop::IfsOptions options;
  options.every = interval, options.max_overhead = 0;
  return options;
}

/// Steps at which a run of 8 examples a step evaluates; `steps` is planned and made.
inline std::vector<std::int64_t> evaluated_steps(FakeRun& run, ifstop::IfsCallback& callback,
                                                 std::int64_t steps, ifstop::Plan plan) {
  std::vector<std::int64_t> at;
  callback.on_run_begin({.plan = plan});
  if (callback.evaluated()) at.push_back(0);
  bool stopped = false;
  while (run.step < steps && !stopped) {
    run.step += 1, run.now += 1;
    stopped = callback.on_step_end({.step = run.step, .examples = 8 * run.step}).stop;
    if (callback.evaluated()) at.push_back(run.step);
  }
  callback.on_run_end({.step = run.step, .examples = 8 * run.step});
  if (callback.evaluated()) at.push_back(run.step);
  return at;
}

}  // namespace ifstop_test
