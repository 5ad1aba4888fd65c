// Everything that a run reads: tokenizer, training data, weights. All that can be wrong with them shows here,
// before step 1.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "ifstop/llama/model.hpp"
#include "ifstop/llama/tokenizer.hpp"
#include "ifstop/sft/data.hpp"
#include "options.hpp"

namespace sft_llama {

struct Inputs {
  ifstop::Tokenizer tokenizer;
  ifstop::Llama model;
  ifstop::sft::TokenizedData data;
  std::vector<std::string> notes;  ///< sentences for people: what was read, skipped and cut
};

/// `weights`: a checkpoint to go on from, or model_name_or_path. The cheap checks come first. Throws naming
/// file and line.
Inputs read_inputs(const Options& options, const std::filesystem::path& weights);

/// What the order and content of the batches depend on, for comparison on resume.
std::string data_options(const Options& options, const ifstop::sft::TokenizedData& data);

}  // namespace sft_llama
