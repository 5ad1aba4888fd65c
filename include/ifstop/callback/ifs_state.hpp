// IfsCallback's state as text. Included by ifs_callback.hpp.
#pragma once
#include "ifstop/callback/ifs_callback.hpp"
#include "ifstop/stop/decision_text.hpp"

namespace ifstop {

inline void IfsCallback::put_options(StateWriter& out) const {
  out.option("prompts", fmt::format("{} {} {}", prompts_.name, prompts_.version, prompts_.hash()));
  out.option("template", options_.prompt_template.apply("{instruction}", "{input}"));
  out.option("every", to_string(options_.every));
  out.option("max_overhead", options_.max_overhead);
  out.option("eval_on_start", options_.eval_on_start);
  out.option("max_new_tokens", options_.max_new_tokens);
  out.option("temperature", options_.temperature);
  out.option("seed", options_.seed);
  out.option("stops", static_cast<std::int64_t>(options_.stop.size()));
  for (std::size_t i = 0; i < options_.stop.size(); ++i)
    out.option(fmt::format("stop.{}", i), options_.stop[i]);
  out.option("stop_at_turn", options_.stop_at_turn);
  out.option("judges", scorer_.judges());
}

/// What must be the same on every process, and after a resume.
inline std::string IfsCallback::option_text() const {
  StateWriter out;
  put_options(out);
  return out.text();
}

inline std::string IfsCallback::state() const {
  StateWriter out;
  out.put("ifs_callback", 1);  // version of this format
  put_options(out);
  out.put("seconds", seconds());
  out.put("seconds_evaluating", seconds_evaluating_);
  out.put("schedule_fixed", schedule_fixed_);
  out.put("schedule_steps", fmt::format("{}", fmt::join(schedule_.steps, " ")));
  out.put("schedule_sentence", schedule_.sentence);
  out.put("evaluations", static_cast<std::int64_t>(curve_.size()));
  for (std::size_t i = 0; i < curve_.size(); ++i)
    out.put(fmt::format("evaluation.{}", i), to_text(curve_[i]));
  put_decision(out, decision_);
  out.nest("rule.", rule_->state());
  return out.text();
}

inline void IfsCallback::restore(std::string_view state) {
  const StateReader reader(state);
  if (!reader.has("ifs_callback") || reader.integer("ifs_callback") != 1)
    throw std::invalid_argument("IfsCallback: this is not a state of an IfsCallback of version 1");
  compare_options("IfsCallback", reader, StateReader(this->state()));
  read(reader);
}

inline void IfsCallback::reset() {
  rule_->reset();
  seconds_before_ = seconds_evaluating_ = 0;
  schedule_fixed_ = evaluated_ = false;
  schedule_ = {};
  curve_.clear();
  decision_ = {};
  begun_at_.reset();
  timing_from_.reset();
  last_.reset();
}

inline void IfsCallback::read(const StateReader& in) {
  Schedule schedule{numbers_from_text<std::int64_t>(in.text("schedule_steps")), in.text("schedule_sentence")};
  std::vector<Evaluation> curve;
  for (std::int64_t i = 0; i < in.integer("evaluations"); ++i)
    curve.push_back(evaluation_from_text(in.text(fmt::format("evaluation.{}", i))));
  const Decision decision = decision_from(in);
  const double seconds_before = in.real("seconds"), seconds_evaluating = in.real("seconds_evaluating");
  const bool schedule_fixed = in.boolean("schedule_fixed");
  rule_->restore(in.nested("rule."));  // the last that can throw: nothing has changed until here
  schedule_ = std::move(schedule);
  schedule_fixed_ = schedule_fixed;
  curve_ = std::move(curve);
  decision_ = decision;
  seconds_before_ = seconds_before;
  seconds_evaluating_ = seconds_evaluating;
  if (begun_at_) begun_at_ = options_.clock();
}

}  // namespace ifstop
