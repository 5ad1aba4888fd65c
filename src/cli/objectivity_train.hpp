// Trains the objectivity judge from invented answers, and reads the answers it is measured with.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/labelled_pair.hpp"
#include "cli/tone_corpus.hpp"
#include "ifstop/score/linear_judge_weights.hpp"

namespace ifstop::cli {

/// Invented neutral answers and answers that take a side, and text that is no answer (negative), `each` of
/// both labels.
std::vector<LabelledPair> objectivity_training_pairs(const ToneCorpus& corpus, std::size_t each,
                                                     std::uint64_t seed);

/// Tab-separated rows `objective`, `question`, `answer` after a header. Throws report::FileError with file
/// and line.
std::vector<LabelledPair> read_objectivity_gold(const std::filesystem::path& file);

/// Trained weights; threshold, AUC, sensitivity and specificity are those on the gold rows.
LinearWeights train_objectivity(const std::vector<LabelledPair>& pairs, const std::vector<LabelledPair>& gold,
                                std::uint64_t seed);

}  // namespace ifstop::cli
