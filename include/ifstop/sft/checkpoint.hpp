// Checkpoints: a Hugging Face folder and beside it all that a run needs to go on as if never interrupted.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/sft/packing.hpp"

namespace ifstop {
class Llama;
struct CompanionFiles;
}  // namespace ifstop

namespace ifstop::sft {

class AdamW;

/// Where a run is, beside weights and optimiser.
struct TrainingState {
  std::int64_t step = 0;      ///< optimiser steps taken
  std::int64_t examples = 0;  ///< training examples seen
  std::int64_t tokens = 0;    ///< training tokens seen
  double seconds = 0;         ///< since the run began, interruptions left out
  DataPosition data;          ///< the next batch
  std::string stopper;        ///< the callback's state(); "" without one
  bool planned = true;        ///< false: written because of a signal
  std::string data_options;   ///< what the order of the data depends on, as text: compared on resume
};

/// Writes `folder` as a whole or not at all: into a folder beside it, flushed to the disk, then renamed; a
/// folder that is there is replaced in the same instant. `fill` writes more files into the folder that it is
/// given. Throws std::runtime_error naming the file (a full disk, for one); nothing is changed then.
void write_folder(const std::filesystem::path& folder,
                  const std::function<void(const std::filesystem::path& folder)>& fill);

/// Weights and config.json, `companions` (the tokenizer's files), optimizer.safetensors,
/// random_state.safetensors (LibTorch's generators), training_state.json and what `fill` adds, by
/// write_folder.
void save_checkpoint(const std::filesystem::path& folder, const Llama& model, const AdamW& optimizer,
                     const TrainingState& state, const CompanionFiles& companions,
                     const std::function<void(const std::filesystem::path& folder)>& fill = {});

/// Reads training_state.json. Throws std::runtime_error naming file and key.
TrainingState read_training_state(const std::filesystem::path& folder);

/// Reads the optimiser and puts LibTorch's random state back; the weights are Llama::load's. Throws
/// std::runtime_error.
void load_optimizer(const std::filesystem::path& folder, AdamW& optimizer);

/// `checkpoints`/step-N
std::filesystem::path checkpoint_path(const std::filesystem::path& checkpoints, std::int64_t step);

/// Steps of the whole checkpoints in a folder, ascending; empty where there is no folder.
std::vector<std::int64_t> saved_steps(const std::filesystem::path& checkpoints);

/// Deletes the oldest until `limit` are left (0 = all stay), never those of `kept` steps and never the
/// newest; also what an interrupted save left behind.
void prune_checkpoints(const std::filesystem::path& checkpoints, std::int64_t limit,
                       const std::vector<std::int64_t>& kept);

}  // namespace ifstop::sft
