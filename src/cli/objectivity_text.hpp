// Invents questions of preference with answers that stay neutral and answers that take a side: the training
// text of the objectivity judge.
#pragma once
#include "cli/labelled_pair.hpp"
#include "cli/random.hpp"

namespace ifstop::cli {

/// A question and an answer. Positive: it shows the range, says what the choice depends on, or declines to
/// choose. Negative: it picks one or voices an opinion, also after some balance.
LabelledPair make_preference_answer(bool neutral, Random& random);

}  // namespace ifstop::cli
