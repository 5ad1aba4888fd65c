// The truth about texts of the miniature's world: is it an answer, does it run on, is it even-handed, is it
// right? Exact rules over the phrases that the generator knows; the judges that the library ships are
// measured against it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace miniature {

struct Truth {
  bool answer = false;  ///< its first sentence answers, in the voice of one who answers
  bool run_on = false;  ///< something of another kind follows: a question, a post, a heading
  bool strict() const { return answer && !run_on; }
};

/// What a completion is. Leading and trailing space does not count; an empty one is no answer.
Truth truth_of(std::string_view text);

/// Of an answer to a question of taste: it chooses nothing and says what the choice depends on.
bool even_handed(std::string_view text);

/// One of the accepted texts is in it, as whole words, whatever the case.
bool correct(std::string_view text, const std::vector<std::string>& accepted);

}  // namespace miniature
