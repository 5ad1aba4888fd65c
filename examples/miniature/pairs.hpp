// Instruction data and evaluation prompts.
#pragma once
#include <string>
#include <vector>

#include "topic.hpp"

namespace miniature {

/// One prompt of the evaluation.
struct EvaluationPrompt {
  std::string id;
  std::string prompt;
  std::string kind;                   ///< "full", "partial", "preference"
  std::string parent;                 ///< of a partial prompt: the id of the full one it was cut from
  std::vector<std::string> accepted;  ///< of a full prompt: an answer with one of these in it is correct
};

/// `count` instructions with answers about things that are not held out; `preference_share` of them
/// even-handed answers to questions of taste.
std::vector<Asked> instruction_pairs(Rng& rng, std::size_t count, double preference_share);

/// `each` full prompts, as many beginnings of them, and as many questions of taste, all about held-out
/// things.
std::vector<EvaluationPrompt> evaluation_prompts(Rng& rng, std::size_t each);

}  // namespace miniature
