// The loop's parts as the options describe them, and what the loop does beside the arithmetic.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/callback/callback.hpp"
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
ifstop::Plan plan_of(const ifstop::sft::RunLength& length, const Options& options);

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
/// naming what differs where the run's data options do.
ifstop::sft::TrainingState restore(const std::filesystem::path& checkpoint, const Options& options,
                                   const Inputs& inputs, ifstop::sft::AdamW& optimizer,
                                   ifstop::sft::Batcher& batches, ifstop::Callback& callback);

/// Says so on standard error and in the reports; the exit code.
int diverged(RunLog& log, const ifstop::sft::TrainingState& state, const ifstop::Decision& decision,
             const std::string& sentence);

/// Writes a checkpoint and says how to go on; the exit code.
int preempted(RunLog& log, Saver& saver, const ifstop::sft::TrainingState& state,
              const ifstop::Decision& decision);

}  // namespace sft_llama
