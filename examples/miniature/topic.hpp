// What a document or a question is about, and what can be asked about it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rng.hpp"
#include "world.hpp"

namespace miniature {

/// One topic: a row of a table, a group, or a matter of taste between two things. Exactly one pointer is set
/// (`row` comes with `table`).
struct Topic {
  const Table* table = nullptr;
  const Row* row = nullptr;
  const Group* group = nullptr;
  const Taste* taste = nullptr;
  Vars vars;          ///< fills the phrases of the table; for tastes: c the category, a and b the two things
  std::string about;  ///< its name: "lions", "the word brave", "tea and coffee"
};

/// A question with an answer to it.
struct Asked {
  std::string_view kind;          ///< "capital", "eat", …, "list", "compare", "preference"
  std::vector<std::string> keys;  ///< the names it is about, for held_out()
  std::string question;
  std::string answer;                 ///< for a preference: the neutral one
  std::vector<std::string> accepted;  ///< an answer with one of these in it is correct; empty: not judged
};

Topic topic_of(const Table& table, const Row& row);
Topic topic_of(const Group& group);

/// A topic at random: tastes with probability `taste_share`.
Topic random_topic(Rng& rng, double taste_share);

/// A question of one kind about a row of a table, in one of its phrasings.
Asked ask(Rng& rng, const Topic& topic, const Kind& kind);

/// An animal against another that is clearly larger or smaller: two apart at least in column z.
Asked ask_comparison(Rng& rng, const Topic& animal);

/// Any question about the topic.
Asked ask(Rng& rng, const Topic& topic);

/// What somebody partial says: "I prefer tea because it is cheap."
std::string opinion(Rng& rng, const Topic& taste);

/// What an even-handed answer says: "Some people like tea and others like coffee. It depends on your mood."
std::string neutral(Rng& rng, const Topic& taste, bool between_two);

}  // namespace miniature
