// What a run tells: its folder's files and the console.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "ifstop/callback/ifs_callback.hpp"
#include "ifstop/report/console.hpp"
#include "ifstop/report/event_log.hpp"
#include "ifstop/report/trainer_state.hpp"
#include "ifstop/sft/checkpoint.hpp"
#include "inputs.hpp"
#include "options.hpp"
#include "run_folder.hpp"

namespace sft_llama {

class RunLog {
 public:
  /// `options` are resolved and, like `ifs`, which may be nullptr, kept. `resumed`: the state of the
  /// beginning's checkpoint, or nullptr. Where that is of the run in output_dir, the log goes on, and events
  /// after it are cut away; elsewhere a log begins.
  RunLog(const Options& options, const ifstop::sft::RunLength& length, const Inputs& inputs,
         const ifstop::IfsCallback* ifs, const Beginning& beginning,
         const ifstop::sft::TrainingState* resumed);

  /// A line for people.
  void say(const std::string& text) { console_.say(text); }

  /// One optimiser step.
  void trained(const ifstop::sft::TrainingState& state, double loss, double learning_rate, double grad_norm);

  /// After a hook: where it evaluated, its scores, samples and decision. Whether it did.
  bool evaluated(const ifstop::sft::TrainingState& state, const ifstop::Decision& decision);

  /// A checkpoint that belongs to the run (not one written because of a signal).
  void saved(const ifstop::sft::TrainingState& state, const std::filesystem::path& checkpoint);

  /// trainer_state.json, for the run folder and for every checkpoint.
  void write_trainer_state(const std::filesystem::path& file, std::int64_t step) const;

  /// The end: its event, stop_report.json, trainer_state.json, report.html, and what people see. `status` as
  /// in EventLog::end.
  void finish(const ifstop::sft::TrainingState& state, const ifstop::Decision& decision,
              const std::string& status, const std::string& message = "");

  /// Seconds since the run began, interruptions left out.
  double seconds() const { return first_.seconds + process_seconds(); }

  /// What the batches depend on, as the checkpoints hold it.
  const std::string& data_options() const { return data_options_; }

 private:
  void begin_events(const Beginning& beginning);
  double process_seconds() const;
  void write_evaluation(const ifstop::sft::TrainingState& state, const ifstop::Decision& decision);
  void write_config() const;
  void write_stop_report(const ifstop::sft::TrainingState& state, const ifstop::Decision& decision,
                         const std::string& status, const std::string& message);

  const Options& options_;
  ifstop::sft::RunLength length_;
  std::int64_t train_examples_;
  std::string data_options_;
  const ifstop::IfsCallback* ifs_;
  std::filesystem::path folder_;
  ifstop::report::EventLog events_;
  ifstop::report::Console console_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  ifstop::sft::TrainingState first_;  ///< state at the beginning of this process
  double seconds_evaluating_ = 0;     ///< of this process
  double loop_began_ = 0;             ///< seconds of this process until its first step
  std::string schedule_said_;
};

}  // namespace sft_llama
