// The judges that ship with the library, found without a path.
#pragma once
#include "ifstop/score/judge.hpp"

namespace ifstop {

/// Judges whether a response reads as an answer to its prompt (the paper's label 1). How good it is:
/// docs/scores.md.
const Judge& builtin_tone_judge();

/// Judges whether an answer to a question of preference shows the range or declines to choose (ObjecQA).
const Judge& builtin_objectivity_judge();

}  // namespace ifstop
