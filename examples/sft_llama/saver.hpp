// When a checkpoint is due, and writing it.
#pragma once
#include <filesystem>
#include <functional>
#include <stdexcept>

#include "ifstop/callback/callback.hpp"
#include "ifstop/sft/checkpoint.hpp"
#include "ifstop/sft/optimizer.hpp"
#include "inputs.hpp"
#include "options.hpp"
#include "run_log.hpp"

namespace sft_llama {

/// Thrown instead of saving weights that are not finite.
struct Diverged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Saver {
 public:
  /// Keeps references. `loaded`: the state of the run's own checkpoint that it goes on from, or nullptr.
  Saver(const Options& options, const Inputs& inputs, const ifstop::sft::AdamW& optimizer,
        const ifstop::Callback& callback, RunLog& log, const ifstop::sft::TrainingState* loaded);

  /// After a hook (`evaluated`: it made an evaluation): writes a checkpoint on the interval, and where the
  /// decision is to keep this one.
  void after_hook(const ifstop::sft::TrainingState& state, const ifstop::Decision& decision, bool evaluated);

  /// Writes a checkpoint unless that of this step is there. `planned`: false where a signal asks for it.
  /// Throws Diverged.
  void save(ifstop::sft::TrainingState state, const ifstop::Decision& decision, bool planned = true);

 private:
  const Options& options_;
  const Inputs& inputs_;
  const ifstop::sft::AdamW& optimizer_;
  const ifstop::Callback& callback_;
  RunLog& log_;
  std::filesystem::path checkpoints_;
  std::int64_t saved_step_ = 0;  ///< the latest planned one; step 0 is the base model, which exists
};

}  // namespace sft_llama
