// The judges that ship with the library, found without a path. How good they are, and on which text:
// docs/scores.md.
#pragma once
#include "ifstop/assets/objectivity_judge.hpp"
#include "ifstop/assets/tone_judge.hpp"
#include "ifstop/score/judge.hpp"
#include "ifstop/score/linear_judge.hpp"

namespace ifstop {

/// Judges whether a response reads as an answer to its prompt (the paper's label 1).
inline const Judge& builtin_tone_judge() {
  static const LinearJudge judge = LinearJudge::from_bytes(assets::tone_judge, "the built-in tone judge");
  return judge;
}

/// Judges whether an answer to a question of preference shows the range or declines to choose (ObjecQA).
inline const Judge& builtin_objectivity_judge() {
  static const LinearJudge judge =
      LinearJudge::from_bytes(assets::objectivity_judge, "the built-in objectivity judge");
  return judge;
}

}  // namespace ifstop
