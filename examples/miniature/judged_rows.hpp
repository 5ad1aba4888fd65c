// Text of the miniature's world with the truth about it, for training judges: what a base model of this world
// might write after a prompt, and what a tuned one would.
#pragma once
#include <string>
#include <vector>

#include "rng.hpp"

namespace miniature {

struct JudgedRow {
  std::string prompt;
  std::string response;
  bool answer = false;  ///< by truth_of
};

/// `count` rows, about half of them answers: documents cut after or within an instruction or after a heading
/// that promises an answer, answers of the instruction data to whole instructions and to beginnings of them,
/// and the same as a small model garbles them.
std::vector<JudgedRow> judged_rows(Rng& rng, std::size_t count);

}  // namespace miniature
