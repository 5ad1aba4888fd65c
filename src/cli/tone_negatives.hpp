// Invents what base models write instead of an answer, from instructions and pages: the negatives of the tone
// judge.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/labelled_pair.hpp"
#include "cli/random.hpp"

namespace ifstop::cli {

/// What the inventions are made of; the referred texts must outlive it.
struct Material {
  const std::vector<std::string>& instructions;
  const std::vector<std::string>& answers;  ///< the answer to instructions[i]
  const std::vector<std::string>& pages;
};

/// One kind of continuation.
struct NegativeKind {
  std::string_view name;
  double share;  ///< of all negatives
  LabelledPair (*make)(const Material&, Random&);
};

/// All kinds: cuts within the instruction, next instructions, forum posts, page furniture, other users'
/// turns, echoes, garbage, continuations from the middle of a word, the asker's voice, exams, unrelated
/// pages.
const std::vector<NegativeKind>& negative_kinds();

/// An invented non-answer of a kind drawn by share.
LabelledPair make_negative(const Material& material, Random& random);

/// Replies that ask back, to prompts cut in their middle: answer-like all the same.
LabelledPair make_clarification(const Material& material, Random& random);

}  // namespace ifstop::cli
