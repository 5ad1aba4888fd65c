// sft_llama: tunes a LLaMA on instructions, watches the Instruction Following Score and stops at its plateau.
//   sft_llama --config assets/miniature/demo.toml --output_dir runs/demo
// Leaves a run folder (events.jsonl, samples/, checkpoints/, stop_report.json, report.html) and exits 0;
// other exit codes: 1 failed on the way, 2 usage or bad input, 3 diverged, 75 pre-empted by a signal with a
// checkpoint (go on: --resume_from_checkpoint true).
#include <torch/torch.h>

#include <cstdio>
#include <filesystem>
#include <optional>

#include "evaluation.hpp"
#include "ifstop/llama/error_text.hpp"
#include "ifstop/sft/autocast.hpp"
#include "ifstop/sft/divergence.hpp"
#include "ifstop/sft/loss.hpp"
#include "ifstop/sft/schedule.hpp"
#include "ifstop/sft/signals.hpp"
#include "inputs.hpp"
#include "parts.hpp"
#include "run_folder.hpp"
#include "run_lock.hpp"
#include "run_log.hpp"
#include "saver.hpp"

namespace {

using namespace ifstop;
using namespace sft_llama;

/// Steps until the data, the rule or a signal ends the run. Returns the exit code.
int loop(Run& run) {
  auto& [options, model, optimizer, batches, length, rate, callback, log, saver, state, decision] = run;
  decision =
      callback.on_run_begin({state.step, state.examples, state.tokens, plan_of(length, options, batches)});
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
    if (const auto trouble = sft::divergence(loss, grad_norm, state.step + 1)) return diverged(run, *trouble);
    const double learning_rate = rate(state.step);
    optimizer.step(learning_rate);
    advance(state, window, batches, log);
    log.trained(state, loss, learning_rate, grad_norm);

    decision = callback.on_step_end({state.step, state.examples, state.tokens, state.step == length.steps});
    saver.after_hook(state, decision, log.evaluated(state, decision));
  }
  if (sft::SignalGuard::requested() && !decision.stop) return preempted(run);
  end_run(run, decision.stop ? RunOutcome::stopped : RunOutcome::finished);
  saver.save(state, decision);
  log.finish(state, decision, decision.stop ? "stopped" : "done");
  return 0;
}

int run(const Options& options) {
  if (options.num_threads > 0) at::set_num_threads(static_cast<int>(options.num_threads));
  torch::manual_seed(static_cast<std::uint64_t>(options.seed));

  // 1. Inputs: whatever is wrong with them is said here, before the run folder is touched.
  std::optional<RunLock> lock;
  if (std::filesystem::is_directory(options.output_dir)) lock.emplace(options.output_dir);
  const Beginning beginning = find_beginning(options);
  const auto& checkpoint = beginning.checkpoint;
  Inputs inputs = read_inputs(options, checkpoint.value_or(options.model_name_or_path));

  // 2. What a step needs, and the stopper: its callback is all that stopping adds to this program.
  sft::AdamW optimizer(inputs.model.named_parameters(), adamw_options(options));
  sft::Batcher batches(inputs.data.examples, batch_options(options, inputs));
  const sft::RunLength length = sft::run_length(batches, options.num_train_epochs, options.max_steps,
                                                options.gradient_accumulation_steps);
  const sft::Schedule rate(schedule_options(options, length));
  check_interval(options, plan_of(length, options, batches));
  const auto ifs = make_callback(options, inputs);
  Callback none;
  Callback& callback = ifs ? *ifs : none;

  // 3. Where the run begins: anew, or at a checkpoint.
  sft::TrainingState state;
  if (checkpoint) state = restore(*checkpoint, options, inputs, optimizer, batches, callback);
  if (!lock) {  // the folder was not there when this began; nor may it have been filled since
    std::filesystem::create_directories(options.output_dir);
    lock.emplace(options.output_dir);
    find_beginning(options);
  }
  const auto changes = open_run_folder(options, beginning, state.step);
  const Options all = resolved(options, inputs, rate, ifs.get());
  RunLog log(all, length, inputs, ifs.get(), beginning, checkpoint ? &state : nullptr);
  for (const std::string& change : changes) log.say(change);
  Saver saver(options, inputs, optimizer, callback, log, beginning.own ? &state : nullptr);

  // 4. The loop, and its end, whatever that is.
  Run run{options, inputs.model, optimizer, batches, length, rate, callback, log, saver, state};
  try {
    return loop(run);
  } catch (const Diverged& error) {
    return diverged(run, error.what());
  } catch (const std::exception& error) {
    return failed(run, error_text(error));
  }
}

}  // namespace

int main(int argc, char** argv) {
  // Never taken down: a signal that comes when all is done, while the program ends, must not make its exit
  // code a lie.
  static const auto* const signals = new sft::SignalGuard;
  (void)signals;
  Options options;
  try {
    options = parse_options(argc, argv);
    return run(options);
  } catch (const HelpShown&) {
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sft_llama: %s\n", located(error_text(error), options.origins).c_str());
    return sft::exit_bad_input;
  }
}
