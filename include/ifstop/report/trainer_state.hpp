// trainer_state.json in the shape of Hugging Face's Trainer, so that tools made for that read our runs too.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/report/json.hpp"

namespace ifstop::report {

/// What the events do not say.
struct TrainerStateOptions {
  std::int64_t global_step = 0;     ///< events after it are left out
  std::int64_t max_steps = 0;       ///< planned
  double num_train_epochs = 0;      ///< planned
  std::int64_t train_examples = 0;  ///< in one epoch; 0 leaves "epoch" null
  std::int64_t eval_steps = 0;
  std::int64_t save_steps = 0;
  std::int64_t logging_steps = 1;     ///< training events kept in log_history: every n-th
  std::int64_t train_batch_size = 0;  ///< examples a device and forward pass
  std::string checkpoint_prefix;      ///< "checkpoints/step-": best_model_checkpoint is that with
  ///< best_global_step where it was saved
};

/// Built from a run's events: log_history, global_step and epoch; best_metric, best_global_step and
/// best_model_checkpoint are the best of the last decision. Hugging Face's reader knows no more keys than its
/// own, so schema_version is stateful_callbacks.ifstop.schema_version.
Json trainer_state(const std::vector<Json>& events, const TrainerStateOptions& options);

/// Reads RUN's events and writes `path`. Throws FileError.
void write_trainer_state(const std::filesystem::path& path, const std::filesystem::path& events,
                         const TrainerStateOptions& options);

}  // namespace ifstop::report
