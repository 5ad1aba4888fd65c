#include "saver.hpp"

#include "ifstop/sft/divergence.hpp"
#include "ifstop/sft/signals.hpp"

namespace sft_llama {

using namespace ifstop;

Saver::Saver(const Options& options, const Inputs& inputs, const sft::AdamW& optimizer,
             const Callback& callback, RunLog& log, const sft::TrainingState* loaded)
    : options_(options),
      inputs_(inputs),
      optimizer_(optimizer),
      callback_(callback),
      log_(log),
      checkpoints_(std::filesystem::path(options.output_dir) / "checkpoints"),
      saved_step_(loaded && loaded->planned ? loaded->step : 0) {}

void Saver::after_hook(const sft::TrainingState& state, const Decision& decision, bool evaluated) {
  // A cancelled evaluation is made up for on resume, and the checkpoint of this step comes after it.
  if (sft::SignalGuard::requested() && !evaluated) return;
  const bool on_interval = options_.save_strategy == "steps" && state.step % options_.save_steps == 0;
  const bool kept = options_.save_strategy != "no" && decision.keep;
  if (on_interval || kept) save(state, decision);
}

void Saver::save(sft::TrainingState state, const Decision& decision, bool planned) {
  if (state.step == saved_step_ && (planned || state.step > 0)) return;
  if (const auto trouble = sft::divergence(inputs_.model, state.step)) throw Diverged(*trouble);
  state.planned = planned;
  state.data_options = log_.data_options();
  state.stopper = callback_.state();
  const auto folder = sft::checkpoint_path(checkpoints_, state.step);
  sft::save_checkpoint(folder, inputs_.model, optimizer_, state, inputs_.companions, [&](const auto& into) {
    log_.write_trainer_state(into / "trainer_state.json", state.step);
  });
  if (planned) {
    log_.saved(state, folder);
    saved_step_ = state.step;
  }
  sft::prune_checkpoints(checkpoints_, options_.save_total_limit, {decision.best_step});
}

}  // namespace sft_llama
