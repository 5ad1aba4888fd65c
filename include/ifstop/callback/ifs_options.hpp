// How IfsCallback evaluates, and what one evaluation gives.
#pragma once
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "ifstop/callback/clock.hpp"
#include "ifstop/callback/every.hpp"
#include "ifstop/callback/processes.hpp"
#include "ifstop/generate.hpp"
#include "ifstop/prompts/template.hpp"
#include "ifstop/score/scorer.hpp"
#include "ifstop/stop/decision.hpp"
#include "ifstop/stop/evaluation.hpp"

namespace ifstop {

struct IfsOptions {
  Every every{};               ///< how often to evaluate; with max_overhead the densest spacing wanted
  double max_overhead = 0.03;  ///< share of the planned training time that evaluating may take; 0 = no limit
  bool eval_on_start = true;   ///< evaluate before the first step; needed where max_overhead is not 0
  bool early_stopping = true;  ///< false: evaluate and say what the rule says, but never stop
  Template prompt_template = Template::named("bare");  ///< the one that the model is trained with
  std::int64_t max_new_tokens = 128;                   ///< of one completion
  double temperature = 0;                              ///< 0 = greedy
  std::uint64_t seed =
      0;  ///< for temperature > 0: with the prompt's id it fixes a completion's random numbers
  std::vector<std::string>
      stop{};                ///< more texts that end a completion, beside the template's own end markers
  bool stop_at_turn = true;  ///< end a completion where it runs on into another turn
  std::function<bool()> cancelled{};               ///< handed to Generate; true = give the evaluation up
  std::function<double()> clock = steady_seconds;  ///< seconds since any fixed moment; must never go back
  std::int64_t timing_steps =
      5;                  ///< steps timed for the budget where the plan does not say how long training takes
  Processes processes{};  ///< of a run on several processes

  /// Throws std::invalid_argument naming field and value.
  void validate() const;
};

/// All there is to know of one evaluation.
struct IfsEvaluation {
  Evaluation evaluation;
  Decision decision;
  std::vector<Completion> completions;  ///< one a prompt, in the prompt set's order
  std::vector<ScoredRow> rows;          ///< the same; on rank 0 only
  std::vector<std::string> warnings;    ///< sentences for people; on rank 0 only
};

/// An evaluation that could not be made; nothing of it was recorded, and the callback is as before. The text
/// says at which step, on which rank and why.
struct EvaluationFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void IfsOptions::validate() const {
  const auto fail = [](const std::string& text) { throw std::invalid_argument("IfsOptions: " + text); };
  if (!(max_overhead >= 0 && max_overhead < 1))
    fail(fmt::format("max_overhead = {} must be a share from 0 (no limit) to below 1", max_overhead));
  if (max_overhead > 0 && !eval_on_start)
    fail(fmt::format("max_overhead = {} needs eval_on_start: the evaluation at step 0 is what is timed",
                     max_overhead));
  if (!(every.count > 0)) fail(fmt::format("every = {} must be positive", every.count));
  if (max_new_tokens < 1) fail(fmt::format("max_new_tokens = {} must be at least 1", max_new_tokens));
  if (!(temperature >= 0)) fail(fmt::format("temperature = {} must be 0 (greedy) or more", temperature));
  if (!clock) fail("clock must be set");
  if (timing_steps < 1) fail(fmt::format("timing_steps = {} must be at least 1", timing_steps));
  processes.validate();
}

}  // namespace ifstop
