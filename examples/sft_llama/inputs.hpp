// Everything that a run reads: tokenizer, training data, weights. All that can be wrong with them shows here,
// before step 1.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "ifstop/llama/companion_files.hpp"
#include "ifstop/llama/model.hpp"
#include "ifstop/llama/tokenizer.hpp"
#include "ifstop/sft/data.hpp"
#include "options.hpp"

namespace sft_llama {

struct Inputs {
  ifstop::Tokenizer tokenizer;
  ifstop::Llama model;
  ifstop::sft::TokenizedData data;
  ifstop::CompanionFiles companions;  ///< of the folder that the weights came from
  std::int64_t max_seq_length = 0;    ///< tokens: the option's, or the model's limit
  std::vector<std::string> notes;     ///< sentences for people: what was read, skipped and cut
};

/// `weights`: a checkpoint to go on from, or model_name_or_path. The cheap checks come first. Throws naming
/// file and line.
Inputs read_inputs(const Options& options, const std::filesystem::path& weights);

/// What the order and content of the batches depend on, for comparison on resume.
std::string data_options(const Options& options, const ifstop::sft::TokenizedData& data);

}  // namespace sft_llama
