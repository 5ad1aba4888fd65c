// Where a run begins, and what its folder may lose on that occasion.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "options.hpp"

namespace sft_llama {

struct Beginning {
  std::optional<std::filesystem::path> checkpoint;  ///< to go on from; nothing: anew
  bool own = false;  ///< the checkpoint is one of the run that output_dir holds: that run goes on
};

/// Finds it and touches nothing. Throws UsageError naming the folder where a run would mix with another one,
/// or delete or overwrite what no run of sft_llama wrote.
Beginning find_beginning(const Options& options);

/// Makes output_dir ready. A run that begins anew deletes the one that is there (find_beginning has allowed
/// it). A run that goes on from `step` deletes samples after it, which are made again; where there are later
/// checkpoints, they go to output_dir/set_aside/ with their samples and a copy of the log. Also gone: the
/// reports of the end that is undone. Returns sentences for people.
std::vector<std::string> open_run_folder(const Options& options, const Beginning& beginning,
                                         std::int64_t step);

}  // namespace sft_llama
