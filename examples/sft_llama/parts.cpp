#include "parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "ifstop/llama/config.hpp"
#include "ifstop/sft/signals.hpp"

namespace sft_llama {

using namespace ifstop;

sft::AdamWOptions adamw_options(const Options& options) {
  return {.beta1 = options.adam_beta1,
          .beta2 = options.adam_beta2,
          .epsilon = options.adam_epsilon,
          .weight_decay = options.weight_decay};
}

sft::BatchOptions batch_options(const Options& options, const Inputs& inputs) {
  const std::int64_t limit =
      options.max_seq_length > 0 ? options.max_seq_length : inputs.model.config().max_position_embeddings;
  return {.batch_examples = options.per_device_train_batch_size,
          .max_tokens = options.packing ? options.per_device_train_batch_size * limit : 0,
          .seed = static_cast<std::uint64_t>(options.seed)};
}

sft::ScheduleOptions schedule_options(const Options& options, const sft::RunLength& length) {
  return {.learning_rate = options.learning_rate,
          .decay = sft::decay_from(options.lr_scheduler_type),
          .warmup_steps = options.warmup_steps,
          .warmup_ratio = options.warmup_ratio,
          .total_steps = length.steps};
}

Plan plan_of(const sft::RunLength& length, const Options& options) {
  const double epochs = options.max_steps > 0 ? 0 : options.num_train_epochs;
  return {.steps = length.steps,
          .examples = length.examples,
          .tokens = length.tokens,
          .steps_per_epoch =
              epochs > 0 ? static_cast<std::int64_t>(static_cast<double>(length.steps) / epochs) : 0};
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
  if (!state.stopper.empty()) callback.restore(state.stopper);
  return state;
}

int diverged(RunLog& log, const sft::TrainingState& state, const Decision& decision,
             const std::string& sentence) {
  log.finish(state, decision, "diverged", sentence);
  std::fprintf(stderr, "sft_llama: %s\n", sentence.c_str());
  return sft::exit_diverged;
}

int preempted(RunLog& log, Saver& saver, const sft::TrainingState& state, const Decision& decision) {
  saver.save(state, decision, /*planned=*/false);
  const std::string sentence = fmt::format(
      "pre-empted by {} after step {}: a checkpoint is written; the same command with "
      "--resume_from_checkpoint true goes on",
      sft::SignalGuard::name(), state.step);
  log.finish(state, decision, "preempted", sentence);
  log.say(sentence);
  return sft::exit_preempted;
}

}  // namespace sft_llama
