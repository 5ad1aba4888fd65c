// Trains the tone judge from the development data and invented negatives.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "cli/tone_corpus.hpp"
#include "ifstop/score/linear_judge_weights.hpp"

namespace ifstop::cli {

struct ToneTraining {
  std::uint64_t seed = 1;
  std::size_t negatives = 9000;       ///< invented non-answers
  double labelled_answer = 2.0;       ///< weight of a labelled answer of a base model
  double labelled_non_answer = 12.0;  ///< and of a non-answer
  double labelled_file = 0.5;         ///< and of a row of --labelled: with 1 they cost .01 of AUC elsewhere
  bool without_gold_prompts =
      false;  ///< leave out outputs on prompts that have gold labels, to measure honestly
};

/// All pairs the tone judge is trained on.
std::vector<LabelledPair> tone_training_pairs(const ToneCorpus& corpus, const std::vector<ToneGold>& gold,
                                              const ToneTraining& options);

/// Trained weights; threshold, AUC, sensitivity and specificity are those on the gold rows.
LinearWeights train_tone(const std::vector<LabelledPair>& pairs, const std::vector<ToneGold>& gold,
                         std::uint64_t seed);

}  // namespace ifstop::cli
