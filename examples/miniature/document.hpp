// Whole documents: one topic, one to four passages of different kinds.
#pragma once
#include <string>

#include "rng.hpp"

namespace miniature {

/// The next document of the corpus.
std::string document(Rng& rng);

}  // namespace miniature
