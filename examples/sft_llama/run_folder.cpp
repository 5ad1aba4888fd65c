// Where a run begins: anew, or at a checkpoint.
#include <fmt/format.h>

#include "run_log.hpp"

namespace sft_llama {
namespace {

namespace fs = std::filesystem;

constexpr const char* files_of_a_run[] = {"config.json",      "events.jsonl",       "samples",
                                          "stop_report.json", "trainer_state.json", "checkpoints",
                                          "report.html",      "tensorboard"};

bool holds_run(const fs::path& folder) {
  return fs::exists(folder / "events.jsonl") || fs::exists(folder / "checkpoints");
}

/// Only what a run writes: a folder given by mistake keeps everything else.
void clear(const fs::path& folder) {
  for (const char* name : files_of_a_run) fs::remove_all(folder / name);
}

std::optional<fs::path> checkpoint_named(const Options& options) {
  const std::string& wanted = options.resume_from_checkpoint;
  if (wanted.empty() || wanted == "false") return std::nullopt;
  const fs::path checkpoints = fs::path(options.output_dir) / "checkpoints";
  if (wanted == "true") {
    const auto steps = ifstop::sft::saved_steps(checkpoints);
    return steps.empty() ? std::nullopt
                         : std::optional(ifstop::sft::checkpoint_path(checkpoints, steps.back()));
  }
  if (!fs::exists(fs::path(wanted) / "training_state.json"))
    throw UsageError(fmt::format(
        "resume_from_checkpoint = {}: no training_state.json there; give a folder such as {}/step-100, or "
        "true for the newest",
        wanted, checkpoints.string()));
  return fs::path(wanted);
}

}  // namespace

std::optional<fs::path> find_checkpoint(const Options& options) {
  const auto checkpoint = checkpoint_named(options);
  const bool may_clear = options.overwrite_output_dir || options.resume_from_checkpoint == "true";
  if (!checkpoint && holds_run(options.output_dir) && !may_clear)
    throw UsageError(fmt::format(
        "output_dir = {}: it holds a run. Go on with it (resume_from_checkpoint = true), delete it "
        "(overwrite_output_dir = true), or choose another folder",
        options.output_dir));
  return checkpoint;
}

void open_run_folder(const Options& options) {
  if (holds_run(options.output_dir)) clear(options.output_dir);
  fs::create_directories(options.output_dir);
}

}  // namespace sft_llama
