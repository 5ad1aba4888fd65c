// The encoder judge of `ifstop tone`: needs LibTorch (src/cli/torch/encoder.cpp); without it both say so.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/labelled_pair.hpp"
#include "ifstop/score/judge.hpp"

namespace ifstop::cli {

struct EncoderTraining {
  std::filesystem::path encoder;  ///< folder of any BERT: config.json, model.safetensors, vocab.txt
  std::filesystem::path out;      ///< folder to write
  std::uint64_t seed = 1;
  int steps = 1000;
  int batch = 16;               ///< rows a step
  double learning_rate = 1e-4;  ///< highest, after a warm-up of 6 % of the steps; it then falls to 0
  double dropout = 0.1;
  bool bf16 = false;  ///< matrix products in bfloat16
};

/// Fine-tunes the encoder on the pairs, drawn by weight; measures it on `gold` and writes the folder.
JudgeInfo train_encoder(const std::vector<LabelledPair>& pairs, const std::vector<LabelledPair>& gold,
                        const EncoderTraining& options);

/// An encoder judge from its folder.
std::unique_ptr<Judge> load_encoder(const std::filesystem::path& folder);

}  // namespace ifstop::cli
