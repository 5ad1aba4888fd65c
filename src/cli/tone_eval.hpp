// How good the judges are, as text for people.
#pragma once
#include <string>
#include <vector>

#include "cli/labelled_pair.hpp"
#include "cli/tone_corpus.hpp"
#include "ifstop/score/judge.hpp"

namespace ifstop::cli {

/// AUC, sensitivity and specificity with 95 % intervals, at the judge's own threshold.
std::string judge_eval_text(const Judge& judge, const std::vector<LabelledPair>& rows);

/// The same for tone, on all rows and on base models alone; each model's share judged answer-like, strict and
/// run-on against the gold labels'; and how well run-on is found.
std::string tone_eval_text(const Judge& judge, const std::vector<ToneGold>& gold);

}  // namespace ifstop::cli
