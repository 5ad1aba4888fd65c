// The loop's parts as the options describe them, and what the loop does beside the arithmetic.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/callback/ifs_callback.hpp"
#include "ifstop/sft/checkpoint.hpp"
#include "ifstop/sft/optimizer.hpp"
#include "ifstop/sft/packing.hpp"
#include "ifstop/sft/schedule.hpp"
#include "inputs.hpp"
#include "options.hpp"
#include "run_log.hpp"
#include "saver.hpp"

namespace sft_llama {

ifstop::sft::AdamWOptions adamw_options(const Options& options);
ifstop::sft::BatchOptions batch_options(const Options& options, const Inputs& inputs);
ifstop::sft::ScheduleOptions schedule_options(const Options& options, const ifstop::sft::RunLength& length);
ifstop::Plan plan_of(const ifstop::sft::RunLength& length, const Options& options,
                     const ifstop::sft::Batcher& batches);

/// Throws std::invalid_argument where eval_steps has no meaning in such a run.
void check_interval(const Options& options, const ifstop::Plan& plan);

/// The options with what they left open filled in, for config.json: device, type, limits, threads, the rule.
Options resolved(const Options& options, const Inputs& inputs, const ifstop::sft::Schedule& rate,
                 const ifstop::IfsCallback* ifs);

/// What the loop works with, and where it is.
struct Run {
  const Options& options;
  ifstop::Llama& model;
  ifstop::sft::AdamW& optimizer;
  ifstop::sft::Batcher& batches;
  const ifstop::sft::RunLength& length;
  const ifstop::sft::Schedule& rate;
  ifstop::Callback& callback;
  RunLog& log;
  Saver& saver;
  ifstop::sft::TrainingState& state;
  ifstop::Decision decision = {};
};

/// The batches of one optimiser step.
struct Window {
  std::vector<ifstop::sft::TrainingBatch> batches;
  std::int64_t answer_tokens = 0;  ///< of all of them: what the loss is a mean over
};

Window next_window(ifstop::sft::Batcher& batches, const Options& options,
                   const ifstop::sft::RunLength& length, const ifstop::sft::TrainingState& state);

/// Counts the step.
void advance(ifstop::sft::TrainingState& state, const Window& window, const ifstop::sft::Batcher& batches,
             const RunLog& log);

/// Puts optimiser, data, random state and stopper back to where the checkpoint was written. Throws UsageError
/// naming what differs where the run's data options do, or, without resume_with_new_options, the stopper's.
ifstop::sft::TrainingState restore(const std::filesystem::path& checkpoint, const Options& options,
                                   const Inputs& inputs, ifstop::sft::AdamW& optimizer,
                                   ifstop::sft::Batcher& batches, ifstop::Callback& callback);

/// Tells the callback that the run ends, and does what its answer asks for.
void end_run(Run& run, ifstop::RunOutcome outcome);

/// The loss or the gradient is no number: says so on standard error and in the reports; the exit code.
int diverged(Run& run, const std::string& sentence);

/// Writes a checkpoint and says how to go on; the exit code.
int preempted(Run& run);

/// Something was thrown on the way: says so on standard error and, if it can, in the reports; the exit code.
int failed(Run& run, const std::string& what);

}  // namespace sft_llama
