// How good a tone judge trained this way is on prompts it has not seen.
#pragma once
#include <string>
#include <vector>

#include "cli/tone_corpus.hpp"
#include "cli/tone_train.hpp"

namespace ifstop::cli {

/// Trains `folds` judges, each without any output on a share of the prompts, and lets it judge the outputs on
/// those: AUC with interval over the gold rows, and over the labelled training rows of each model. `extra`
/// are further training rows (`--labelled`).
std::string cross_validation_text(const ToneCorpus& corpus, const std::vector<ToneGold>& gold,
                                  const std::vector<LabelledPair>& extra, const ToneTraining& options,
                                  int folds);

}  // namespace ifstop::cli
