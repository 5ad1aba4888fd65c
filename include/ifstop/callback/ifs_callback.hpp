// The callback that stops a run where the model has learned to follow instructions.
#pragma once
#include <fmt/format.h>

#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/callback/budget.hpp"
#include "ifstop/callback/callback.hpp"
#include "ifstop/callback/complete.hpp"
#include "ifstop/callback/ifs_options.hpp"
#include "ifstop/prompts/prompt_set.hpp"
#include "ifstop/stop/evaluation_text.hpp"
#include "ifstop/stop/rule.hpp"
#include "ifstop/stop/state.hpp"

namespace ifstop {

/// Evaluates the model on a prompt set before the first step, on an interval and at the last step, and asks a
/// rule whether to stop. What it promises is in docs/callback.md. Not copyable; one per run, or reset()
/// between two.
///
/// A hook that evaluates throws EvaluationFailed where the evaluation could not be made; the callback is then
/// as before. An evaluation that was cancelled (GenerateRequest::cancelled) is no error: the hook answers "go
/// on", and the evaluation is made up for at the next hook, on a resumed run at on_run_begin.
class IfsCallback : public Callback {
 public:
  /// `generate` completes prompts with the model as it is at that moment. The scorer's judges must outlive
  /// this. Throws std::invalid_argument naming option and value, or the prompt, that is wrong.
  IfsCallback(Generate generate, PromptSet prompts, Scorer scorer, RulePtr rule, IfsOptions options = {});

  Decision on_run_begin(const RunBegin& event) override;
  Decision on_step_end(const StepEnd& event) override;
  Decision on_run_end(const RunEnd& event) override;
  std::string state() const override;
  void restore(std::string_view state) override;

  /// As newly made: for another run with the same options.
  void reset();

  /// Whether the hook called last made an evaluation: that of last().
  bool evaluated() const { return evaluated_; }
  /// The latest evaluation of this process; nothing before the first.
  const std::optional<IfsEvaluation>& last() const { return last_; }
  /// Every evaluation of the run, also those before a resume (then without outcomes of single prompts).
  const std::vector<Evaluation>& curve() const { return curve_; }
  /// The evaluation before the first step; nullptr where there was none.
  const Evaluation* baseline() const {
    return !curve_.empty() && curve_.front().step == 0 ? &curve_.front() : nullptr;
  }
  /// The rule's latest answer.
  const Decision& decision() const { return decision_; }
  /// When it evaluates, in a sentence; empty until that is fixed.
  const std::string& schedule() const { return schedule_.sentence; }
  /// Share of the run's time so far that went into evaluating.
  double eval_share() const { return seconds() > 0 ? seconds_evaluating_ / seconds() : 0; }
  const PromptSet& prompts() const { return prompts_; }
  const Rule& rule() const { return *rule_; }

 private:
  struct Position {
    std::int64_t step = 0, examples = 0, tokens = 0;
  };
  double seconds() const {
    return begun_at_ ? seconds_before_ + options_.clock() - *begun_at_ : seconds_before_;
  }
  bool due(const Position& at, bool last);
  void fix_schedule(double seconds_step, std::int64_t from_step);
  void time_steps(const Position& at);
  Decision maybe_evaluate(const Position& at, bool last);
  void evaluate(const Position& at);
  void record(const Position& at, double seconds_at, double clock_before,
              std::vector<Completion> completions);
  GenerateRequest request() const;
  Decision answer() const;
  bool stopping() const { return decision_.stop && options_.early_stopping; }
  void read(const StateReader& reader);
  void put_options(StateWriter& out) const;
  std::string option_text() const;

  Generate generate_;
  PromptSet prompts_;
  Scorer scorer_;
  RulePtr rule_;
  IfsOptions options_;
  Plan plan_;
  Every every_;  ///< resolved
  // What state() holds.
  double seconds_before_ = 0;  ///< of the run before this process
  double seconds_evaluating_ = 0;
  bool schedule_fixed_ = false;
  Schedule schedule_;
  std::vector<Evaluation> curve_;
  Decision decision_;
  // Of this process.
  std::optional<double> begun_at_;
  std::optional<std::pair<std::int64_t, double>> timing_from_;  ///< step and time at which timing began
  bool evaluated_ = false;
  std::optional<IfsEvaluation> last_;
};

inline IfsCallback::IfsCallback(Generate generate, PromptSet prompts, Scorer scorer, RulePtr rule,
                                IfsOptions options)
    : generate_(std::move(generate)),
      prompts_(std::move(prompts)),
      scorer_(std::move(scorer)),
      rule_(std::move(rule)),
      options_(std::move(options)) {
  options_.validate();
  if (!generate_) throw std::invalid_argument("IfsCallback: generate must be set");
  if (!rule_) throw std::invalid_argument("IfsCallback: rule must be set");
  if (prompts_.prompts.empty()) throw std::invalid_argument("IfsCallback: the prompt set is empty");
  std::set<std::string_view> ids;
  for (const auto& prompt : prompts_.prompts) {
    if (prompt.text.find_first_not_of(" \t\r\n") == std::string::npos)
      throw std::invalid_argument(fmt::format("IfsCallback: prompt \"{}\" has no text", prompt.id));
    if (!ids.insert(prompt.id).second)
      throw std::invalid_argument(fmt::format(
          "IfsCallback: the id \"{}\" is there twice: it seeds a completion's random numbers", prompt.id));
  }
}

inline GenerateRequest IfsCallback::request() const {
  GenerateRequest request;
  for (const auto& prompt : prompts_.prompts) {
    request.prompts.push_back(options_.prompt_template.apply(prompt.text));
    request.seeds.push_back(prompt_detail::rank(options_.seed, prompt.id));
  }
  request.max_new_tokens = options_.max_new_tokens;
  request.temperature = options_.temperature;
  request.stop = options_.stop;
  request.end_markers = options_.prompt_template.end_markers();
  request.stop_at_turn = options_.stop_at_turn;
  request.cancelled = options_.cancelled;
  return request;
}

inline Decision IfsCallback::on_run_begin(const RunBegin& event) {
  evaluated_ = false;
  if (!curve_.empty() && event.step < curve_.back().step)
    throw std::logic_error(fmt::format(
        "IfsCallback: a run begins at step {}, but this callback has seen one up to step {}: call reset() "
        "before another run, restore() before a resumed one",
        event.step, curve_.back().step));
  check_same_options(option_text(), options_.processes);
  plan_ = event.plan;
  every_ = resolve(options_.every, plan_);
  if (options_.max_overhead > 0 && plan_.steps <= 0)
    throw std::invalid_argument(
        fmt::format("max_overhead = {} is a share of the planned run and needs Plan::steps, which is {}; set "
                    "it, or max_overhead = 0",
                    options_.max_overhead, plan_.steps));
  if (options_.max_overhead > 0)
    spacing_in_steps(every_, plan_, 1);  // complains now, not after the first steps
  if (!begun_at_) begun_at_ = options_.clock();
  if (options_.max_overhead == 0 && !schedule_fixed_) {
    schedule_fixed_ = true;
    schedule_.sentence = fmt::format("an evaluation {}every {}, and at the last step, whatever it costs",
                                     options_.eval_on_start ? "at step 0, " : "", to_string(every_));
  }
  const Position at{event.step, event.examples, event.tokens};
  if (stopping()) return answer();
  const auto decision = maybe_evaluate(at, plan_.steps > 0 && at.step >= plan_.steps);
  if (!schedule_fixed_ && !curve_.empty() && plan_.seconds > 0)
    fix_schedule(plan_.seconds / static_cast<double>(plan_.steps), at.step);
  return decision;
}

inline Decision IfsCallback::on_step_end(const StepEnd& event) {
  evaluated_ = false;
  if (!begun_at_) throw std::logic_error("IfsCallback: on_step_end before on_run_begin");
  if (stopping()) return answer();
  const Position at{event.step, event.examples, event.tokens};
  if (!schedule_fixed_) time_steps(at);
  return maybe_evaluate(at, event.last || (plan_.steps > 0 && at.step >= plan_.steps));
}

inline Decision IfsCallback::on_run_end(const RunEnd& event) {
  evaluated_ = false;
  if (!begun_at_) throw std::logic_error("IfsCallback: on_run_end before on_run_begin");
  if (event.outcome != RunOutcome::finished || stopping()) return answer();
  return maybe_evaluate({event.step, event.examples, event.tokens}, true);
}

inline void IfsCallback::time_steps(const Position& at) {
  const double now = options_.clock();
  // The first step warms caches and allocators up; it is not timed.
  if (!timing_from_)
    timing_from_ = {at.step, now};
  else if (at.step - timing_from_->first >= options_.timing_steps)
    fix_schedule((now - timing_from_->second) / static_cast<double>(at.step - timing_from_->first), at.step);
}

inline void IfsCallback::fix_schedule(double seconds_step, std::int64_t from_step) {
  const auto& processes = options_.processes;
  if (curve_.empty()) return;  // the baseline was cancelled: it comes first
  schedule_ = plan_schedule({options_.max_overhead, curve_.front().seconds_eval, seconds_step, plan_.steps,
                             from_step, spacing_in_steps(every_, plan_, seconds_step)});
  schedule_fixed_ = true;
  if (processes.world_size == 1) return;
  // Clocks differ: rank 0's schedule is everyone's.
  std::string text = fmt::format("{}\n{}", fmt::join(schedule_.steps, " "), schedule_.sentence);
  processes.broadcast(text);
  schedule_.sentence = text.substr(text.find('\n') + 1);
  schedule_.steps = numbers_from_text<std::int64_t>(std::string_view(text).substr(0, text.find('\n')));
}

inline bool IfsCallback::due(const Position& at, bool last) {
  if (curve_.empty() && at.step == 0) return options_.eval_on_start;
  const Position seen = curve_.empty()
                            ? Position{}
                            : Position{curve_.back().step, curve_.back().examples, curve_.back().tokens};
  if (!curve_.empty() && at.step <= seen.step) return false;
  if (last) return true;
  if (options_.max_overhead > 0) {
    for (const auto step : schedule_.steps)
      if (step > seen.step && step <= at.step) return true;
    return curve_.empty();  // the baseline was cancelled
  }
  const double seen_seconds = curve_.empty() ? 0 : curve_.back().seconds;
  bool answer = crossed(every_, {seen.step, seen.examples, seen.tokens, seen_seconds},
                        {at.step, at.examples, at.tokens, seconds()});
  if (every_.unit == EveryUnit::seconds && options_.processes.world_size > 1) {
    std::string text = answer ? "due" : "";  // clocks differ: rank 0's counts
    options_.processes.broadcast(text);
    answer = text == "due";
  }
  return answer;
}

inline Decision IfsCallback::maybe_evaluate(const Position& at, bool last) {
  if (!due(at, last)) return answer();
  try {
    evaluate(at);
  } catch (const Cancelled&) {
    Decision decision = decision_;  // the best so far stays the best
    decision.stop = decision.keep = false;
    decision.rule = rule_->name();
    decision.reason = fmt::format(
        "the evaluation at step {} was cancelled: nothing of it was recorded, it will be made up for",
        at.step);
    return decision;
  }
  timing_from_.reset();
  evaluated_ = true;
  return answer();
}

inline void IfsCallback::evaluate(const Position& at) {
  const auto& processes = options_.processes;
  const double before = options_.clock(), seconds_at = seconds();
  auto completions = complete(generate_, request(), processes, at.step);
  std::string error;
  if (processes.rank == 0) {
    try {
      record(at, seconds_at, before, std::move(completions));
    } catch (const std::exception& e) {
      error = fmt::format("the evaluation at step {} could not be scored: {}; nothing of it was recorded",
                          at.step, e.what());
    }
  }
  if (processes.world_size > 1) {
    std::string outcome = error.empty() && processes.rank == 0 ? "+" + state() : "-" + error;
    processes.broadcast(outcome);
    if (outcome.starts_with('-')) throw EvaluationFailed(outcome.substr(1));
    if (processes.rank != 0) {
      read(StateReader(std::string_view(outcome).substr(1)));
      last_ = IfsEvaluation{curve_.back(), decision_, std::move(completions), {}, {}};
    }
  } else if (!error.empty()) {
    throw EvaluationFailed(error);
  }
}

inline void IfsCallback::record(const Position& at, double seconds_at, double clock_before,
                                std::vector<Completion> completions) {
  auto scored = scorer_.score(prompts_.prompts, completions);
  const double seconds_eval = options_.clock() - clock_before;  // judging is part of an evaluation's cost
  Evaluation e{at.step,
               at.examples,
               at.tokens,
               plan_.examples,
               seconds_at,
               seconds_eval,
               static_cast<std::int64_t>(prompts_.size()),
               std::move(scored.scores),
               {}};
  decision_ = rule_->observe(e);
  seconds_evaluating_ += seconds_eval;
  last_ =
      IfsEvaluation{e, decision_, std::move(completions), std::move(scored.rows), std::move(scored.warnings)};
  curve_.push_back(std::move(e));
}

inline Decision IfsCallback::answer() const {
  Decision decision = decision_;
  if (!evaluated_) decision.keep = false;  // that was said when it was evaluated
  if (decision.stop && !options_.early_stopping) {
    decision.stop = false;
    decision.reason = "early stopping is off; the rule says: " + decision.reason;
  }
  return decision;
}

}  // namespace ifstop

#include "ifstop/callback/ifs_state.hpp"
