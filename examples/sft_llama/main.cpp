// sft_llama: tunes a LLaMA on instructions, watches the Instruction Following Score and stops at its plateau.
//   sft_llama --config examples/sft_llama/demo.toml --output_dir runs/demo
// Leaves a run folder (events.jsonl, samples/, checkpoints/, stop_report.json, report.html) and exits 0;
// other exit codes: 2 usage or bad input, 3 diverged, 75 pre-empted by a signal with a checkpoint (go on:
// --resume_from_checkpoint true).
#include <torch/torch.h>

#include <cstdio>

#include "evaluation.hpp"
#include "ifstop/sft/autocast.hpp"
#include "ifstop/sft/divergence.hpp"
#include "ifstop/sft/loss.hpp"
#include "ifstop/sft/schedule.hpp"
#include "ifstop/sft/signals.hpp"
#include "inputs.hpp"
#include "parts.hpp"
#include "run_log.hpp"
#include "saver.hpp"

namespace {

using namespace ifstop;
using namespace sft_llama;

int run(const Options& options) {
  if (options.num_threads > 0) at::set_num_threads(static_cast<int>(options.num_threads));
  torch::manual_seed(static_cast<std::uint64_t>(options.seed));

  // 1. Inputs: whatever is wrong with them is said here, before the run folder is touched.
  const auto checkpoint = find_checkpoint(options);
  Inputs inputs = read_inputs(options, checkpoint.value_or(options.model_name_or_path));
  Llama& model = inputs.model;

  // 2. What a step needs, and the stopper: its callback is all that stopping adds to this program.
  sft::AdamW optimizer(model.named_parameters(), adamw_options(options));
  sft::Batcher batches(inputs.data.examples, batch_options(options, inputs));
  const sft::RunLength length = sft::run_length(batches, options.num_train_epochs, options.max_steps,
                                                options.gradient_accumulation_steps);
  const sft::Schedule rate(schedule_options(options, length));
  const auto ifs = make_callback(options, inputs);
  Callback none;
  Callback& callback = ifs ? *ifs : none;

  // 3. Where the run begins: anew, or at a checkpoint.
  sft::TrainingState state;
  if (checkpoint)
    state = restore(*checkpoint, options, inputs, optimizer, batches, callback);
  else
    open_run_folder(options);
  RunLog log(options, length, inputs, ifs.get(), checkpoint ? &state : nullptr);
  Saver saver(options, model, optimizer, callback, log, checkpoint ? &state : nullptr);

  // 4. The loop.
  Decision decision =
      callback.on_run_begin({state.step, state.examples, state.tokens, plan_of(length, options)});
  saver.after_hook(state, decision, log.evaluated(state, decision));
  while (!decision.stop && state.step < length.steps && !sft::SignalGuard::requested()) {
    const Window window = next_window(batches, options, length, state);
    double loss = 0;
    for (const sft::TrainingBatch& batch : window.batches) {
      const sft::Bf16Autocast autocast(options.bf16, model.device().type());
      at::Tensor part = sft::answer_loss(model, batch.packed, {.divisor_tokens = window.answer_tokens});
      part.backward();
      loss += part.item<double>();
    }
    const double grad_norm = optimizer.clip(options.max_grad_norm);
    if (const auto trouble = sft::divergence(loss, grad_norm, state.step + 1))
      return diverged(log, state, decision, *trouble);
    const double learning_rate = rate(state.step);
    optimizer.step(learning_rate);
    advance(state, window, batches, log);
    log.trained(state, loss, learning_rate, grad_norm);

    decision = callback.on_step_end({state.step, state.examples, state.tokens, state.step == length.steps});
    saver.after_hook(state, decision, log.evaluated(state, decision));
  }

  // 5. The end: pre-empted, stopped, or done.
  if (sft::SignalGuard::requested() && !decision.stop) return preempted(log, saver, state, decision);
  saver.save(state, decision);
  log.finish(state, decision, decision.stop ? "stopped" : "done");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Never taken down: a signal that comes when all is done, while the program ends, must not make its exit
  // code a lie.
  static const auto* const signals = new sft::SignalGuard;
  (void)signals;
  try {
    return run(parse_options(argc, argv));
  } catch (const HelpShown&) {
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sft_llama: %s\n", error.what());
    return sft::exit_bad_input;
  }
}
