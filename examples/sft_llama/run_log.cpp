#include "run_log.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "ifstop/report/html.hpp"
#include "ifstop/report/run_config.hpp"
#include "ifstop/report/run_folder.hpp"
#include "ifstop/report/samples.hpp"
#include "ifstop/report/stop_report.hpp"
#include "ifstop/score/builtin_judges.hpp"
#include "ifstop/stop/peers.hpp"

namespace sft_llama {

using namespace ifstop;
using report::Json;
namespace fs = std::filesystem;

namespace {

report::Moment moment(const sft::TrainingState& state) {
  return {state.step, state.examples, state.seconds};
}

bool knows_answers(const IfsCallback* ifs) {
  if (!ifs) return false;
  for (const Prompt& prompt : ifs->prompts().prompts)
    if (!prompt.accepted.empty()) return true;
  return false;
}

report::Console console(const IfsCallback* ifs) {
  auto style = report::console_style(stdout);
  style.correct = knows_answers(ifs);
  return {stdout, style};
}

/// Opens the log; of a run that goes on, events after its checkpoint are cut away first.
report::EventLog open_events(const fs::path& file, const sft::TrainingState* resumed, bool own) {
  const bool logged = !own || report::cut_events_after(file, resumed->step);
  const bool begun = own && !fs::is_empty(file);
  report::EventLog log(file);
  if (begun && resumed->planned && !logged)  // killed between the checkpoint and its event
    log.checkpoint(moment(*resumed), fmt::format("checkpoints/step-{}", resumed->step));
  return log;
}

}  // namespace

RunLog::RunLog(const Options& options, const sft::RunLength& length, const Inputs& inputs,
               const IfsCallback* ifs, const Beginning& beginning, const sft::TrainingState* resumed)
    : options_(options),
      length_(length),
      train_examples_(static_cast<std::int64_t>(inputs.data.examples.size())),
      data_options_(sft_llama::data_options(options, inputs.data)),
      ifs_(ifs),
      folder_(options.output_dir),
      events_(open_events(folder_ / "events.jsonl", resumed, beginning.own)),
      console_(console(ifs)) {
  write_config();
  for (const std::string& note : inputs.notes) say(note);
  if (resumed) first_ = *resumed;
  if (fs::is_empty(events_.path())) begin_events(beginning);
  if (resumed) say(fmt::format("resumed at step {} ({} examples)", resumed->step, resumed->examples));
}

void RunLog::begin_events(const Beginning& beginning) {
  Json details{{"model", options_.model_name_or_path},
               {"train_file", options_.train_file},
               {"planned_steps", length_.steps},
               {"planned_examples", length_.examples}};
  if (beginning.checkpoint) details["resumed_from"] = beginning.checkpoint->string();
  events_.start(moment(first_), details);
}

double RunLog::process_seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

void RunLog::write_config() const {
  report::RunConfig config;
  config.options = to_json(options_);
  config.options["planned_steps"] = length_.steps;
  config.options["planned_examples"] = length_.examples;
  config.options["train_examples"] = train_examples_;
  if (ifs_) {
    config.prompt_set = ifs_->prompts().name;
    config.prompt_set_version = ifs_->prompts().version;
    config.prompt_set_hash = ifs_->prompts().hash();
    config.prompts = static_cast<std::int64_t>(ifs_->prompts().size());
    config.judges = {builtin_tone_judge().info(), builtin_objectivity_judge().info()};
  }
  report::write_run_config(folder_ / "config.json", config);
}

void RunLog::trained(const sft::TrainingState& state, double loss, double learning_rate, double grad_norm) {
  events_.train(moment(state), {loss, learning_rate, grad_norm, state.tokens});
  const double now = process_seconds(), training = now - seconds_evaluating_;
  const auto done = static_cast<double>(state.step - first_.step);
  console_.progress(
      {.step = state.step,
       .steps = length_.steps,
       .examples = state.examples,
       .loss = loss,
       .tokens_per_second = training > 0 ? static_cast<double>(state.tokens - first_.tokens) / training : 0,
       .seconds_left = (now - loop_began_) / done * static_cast<double>(length_.steps - state.step)},
      now);
}

bool RunLog::evaluated(const sft::TrainingState& state, const Decision& decision) {
  if (ifs_ && ifs_->schedule() != schedule_said_) say(schedule_said_ = ifs_->schedule());
  const bool evaluated = ifs_ && ifs_->evaluated();
  if (evaluated) write_evaluation(state, decision);
  if (state.step == first_.step) loop_began_ = process_seconds();
  return evaluated;
}

void RunLog::write_evaluation(const sft::TrainingState& state, const Decision& decision) {
  const IfsEvaluation& last = *ifs_->last();
  seconds_evaluating_ += last.evaluation.seconds_eval;
  events_.eval(last.evaluation);
  events_.decision(moment(state), decision);
  report::write_samples(report::samples_path(folder_, state.step),
                        report::make_samples(ifs_->prompts().prompts, last.completions,
                                             {last.rows, last.evaluation.scores, last.warnings}));
  console_.evaluation(last.evaluation, ifs_->eval_share());
  for (const std::string& warning : last.warnings) console_.say("note: " + warning);
}

void RunLog::saved(const sft::TrainingState& state, const fs::path& checkpoint) {
  events_.checkpoint(moment(state), fs::relative(checkpoint, folder_).string());
}

void RunLog::write_trainer_state(const fs::path& file, std::int64_t step) const {
  report::write_trainer_state(file, events_.path(),
                              {.global_step = step,
                               .max_steps = length_.steps,
                               .num_train_epochs = options_.num_train_epochs,
                               .train_examples = train_examples_,
                               .save_steps = options_.save_steps,
                               .train_batch_size = options_.per_device_train_batch_size,
                               .checkpoint_prefix = "checkpoints/step-"});
}

void RunLog::write_stop_report(const sft::TrainingState& state, const Decision& decision,
                               const std::string& status, const std::string& message) {
  report::StopReport stop;
  stop.stopped = decision.stop;
  stop.rule = decision.rule;
  stop.step = state.step;
  stop.examples = state.examples;
  stop.best_step = decision.best_step;
  stop.probability_more_helps = decision.probability_more_helps;
  stop.reason = !message.empty() ? message
                : !ifs_ ? "eval_strategy = no: nothing was evaluated, the run went to its planned end"
                        : decision.reason;
  if (ifs_ && ifs_->baseline()) stop.baseline = ifs_->baseline()->scores;
  if (ifs_ && !ifs_->curve().empty()) stop.at_stop = ifs_->curve().back().scores;
  if (ifs_)
    for (const auto& peer : peer_decisions(ifs_->curve()))
      stop.peers.push_back({peer.rule, peer.stopped, peer.examples});
  report::write_stop_report(folder_ / "stop_report.json", stop);
  if (status == "stopped") console_.stopped(decision, state.step, state.examples);
}

void RunLog::finish(const sft::TrainingState& state, const Decision& decision, const std::string& status,
                    const std::string& message) {
  events_.end(moment(state), status, message.empty() ? Json::object() : Json{{"message", message}});
  write_stop_report(state, decision, status, message);
  write_trainer_state(folder_ / "trainer_state.json", state.step);
  if (status == "preempted") return;  // the reports come when the run ends
  const report::RunFolder run = report::read_run_folder(folder_);
  if (status != "diverged" && status != "failed")
    console_.answers(report::before_and_after(run.before, run.after, 3));
  const fs::path page = report::write_report(folder_);
  if (status == "done" && ifs_) say("Not stopped: " + decision.reason);
  say(fmt::format("{} steps, {} examples. The report: {}", state.step, state.examples, page.string()));
}

}  // namespace sft_llama
