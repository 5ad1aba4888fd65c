#include "parts.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "evaluation.hpp"
#include "ifstop/llama/error_text.hpp"
#include "ifstop/sft/signals.hpp"
#include "ifstop/stop/state.hpp"

namespace sft_llama {

using namespace ifstop;

namespace {

std::string dtype_text(c10::ScalarType type) {
  return type == c10::kFloat      ? "float32"
         : type == c10::kBFloat16 ? "bfloat16"
         : type == c10::kHalf     ? "float16"
                                  : "float64";
}

/// The stopper's state under the present options; its schedule of evaluations is to be made again.
std::string under_new_options(const std::string& state) {
  std::string text = without_options(state);
  const std::string fixed = "\nschedule_fixed true\n";
  if (const auto at = text.find(fixed); at != text.npos)
    text.replace(at, fixed.size(), "\nschedule_fixed false\n");
  return text;
}

void restore_stopper(const std::filesystem::path& checkpoint, const Options& options,
                     const std::string& state, Callback& callback) {
  if (state.empty()) return;
  try {
    callback.restore(options.resume_with_new_options ? under_new_options(state) : state);
  } catch (const OptionsDiffer& error) {
    throw UsageError(fmt::format(
        "{}: the run was begun with other options of evaluating and stopping: {}. Go on with those, "
        "or under the new ones with resume_with_new_options = true",
        checkpoint.string(), error.differences));
  } catch (const std::invalid_argument& error) {
    throw UsageError(
        fmt::format("{}: {}. Go on with the rule that the run was begun with, or begin anew in "
                    "another output_dir",
                    checkpoint.string(), error.what()));
  }
}

}  // namespace

sft::AdamWOptions adamw_options(const Options& options) {
  return {.beta1 = options.adam_beta1,
          .beta2 = options.adam_beta2,
          .epsilon = options.adam_epsilon,
          .weight_decay = options.weight_decay};
}

sft::BatchOptions batch_options(const Options& options, const Inputs& inputs) {
  return {.batch_examples = options.per_device_train_batch_size,
          .max_tokens = options.packing ? options.per_device_train_batch_size * inputs.max_seq_length : 0,
          .seed = static_cast<std::uint64_t>(options.seed)};
}

sft::ScheduleOptions schedule_options(const Options& options, const sft::RunLength& length) {
  return {.learning_rate = options.learning_rate,
          .decay = sft::decay_from(options.lr_scheduler_type),
          .warmup_steps = options.warmup_steps,
          .warmup_ratio = options.warmup_ratio,
          .total_steps = length.steps};
}

Plan plan_of(const sft::RunLength& length, const Options& options, const sft::Batcher& batches) {
  const auto epoch = static_cast<std::int64_t>(batches.plan(0).size());  // batches
  const std::int64_t step = options.gradient_accumulation_steps;
  return {.steps = length.steps,
          .examples = length.examples,
          .tokens = length.tokens,
          .steps_per_epoch = (epoch + step - 1) / step};
}

void check_interval(const Options& options, const Plan& plan) {
  if (options.evaluates()) resolve(Every::parse(options.eval_steps), plan);
}

Options resolved(const Options& options, const Inputs& inputs, const sft::Schedule& rate,
                 const IfsCallback* ifs) {
  Options all = options;
  all.max_seq_length = inputs.max_seq_length;
  all.warmup_steps = rate.warmup_steps();
  all.device = inputs.model.device().str();
  all.dtype = dtype_text(inputs.model.dtype());
  all.num_threads = at::get_num_threads();
  if (ifs) all.early_stopping_rule = rule_text(ifs->rule());
  return all;
}

Window next_window(sft::Batcher& batches, const Options& options, const sft::RunLength& length,
                   const sft::TrainingState& state) {
  Window window;
  const std::int64_t left = length.batches - state.step * options.gradient_accumulation_steps;
  for (std::int64_t i = 0; i < std::min(options.gradient_accumulation_steps, left); ++i) {
    window.batches.push_back(batches.next());
    window.answer_tokens += window.batches.back().answer_tokens;
  }
  return window;
}

void advance(sft::TrainingState& state, const Window& window, const sft::Batcher& batches,
             const RunLog& log) {
  ++state.step;
  for (const sft::TrainingBatch& batch : window.batches) {
    state.examples += batch.examples;
    state.tokens += static_cast<std::int64_t>(batch.packed.tokens.size());
  }
  state.data = batches.position();
  state.seconds = log.seconds();
}

sft::TrainingState restore(const std::filesystem::path& checkpoint, const Options& options,
                           const Inputs& inputs, sft::AdamW& optimizer, sft::Batcher& batches,
                           Callback& callback) {
  sft::TrainingState state = sft::read_training_state(checkpoint);
  const std::string now = data_options(options, inputs.data);
  if (state.data_options != now)
    throw UsageError(fmt::format(
        "{}: the run was begun with other data: {}; now {}. Go on with the options it was begun with, or "
        "begin anew in another output_dir",
        checkpoint.string(), state.data_options, now));
  sft::load_optimizer(checkpoint, optimizer);
  batches.seek(state.data);
  restore_stopper(checkpoint, options, state.stopper, callback);
  return state;
}

void end_run(Run& run, RunOutcome outcome) {
  const auto& state = run.state;
  run.decision = run.callback.on_run_end({state.step, state.examples, state.tokens, outcome});
  run.saver.after_hook(state, run.decision, run.log.evaluated(state, run.decision));
}

int diverged(Run& run, const std::string& sentence) {
  end_run(run, RunOutcome::failed);
  run.log.finish(run.state, run.decision, "diverged", sentence);
  std::fprintf(stderr, "sft_llama: %s\n", sentence.c_str());
  return sft::exit_diverged;
}

int preempted(Run& run) {
  end_run(run, RunOutcome::preempted);
  run.saver.save(run.state, run.decision, /*planned=*/false);
  const std::string sentence = fmt::format(
      "pre-empted by {} after step {}: a checkpoint is written; the same command with "
      "--resume_from_checkpoint true goes on",
      sft::SignalGuard::name(), run.state.step);
  run.log.finish(run.state, run.decision, "preempted", sentence);
  run.log.say(sentence);
  return sft::exit_preempted;
}

int failed(Run& run, const std::string& what) {
  const std::string sentence = fmt::format("failed after step {}: {}", run.state.step, what);
  std::fprintf(stderr, "sft_llama: %s\n", sentence.c_str());
  const auto& state = run.state;
  try {
    run.decision = run.callback.on_run_end({state.step, state.examples, state.tokens, RunOutcome::failed});
  } catch (const std::exception&) {
    // What ended the run has been said; a callback that cannot end either adds nothing.
  }
  try {
    run.log.finish(state, run.decision, "failed", sentence);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sft_llama: nor could the end be written down: %s\n", error_text(error).c_str());
  }
  return sft::exit_failed;
}

}  // namespace sft_llama
