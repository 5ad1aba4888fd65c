// The miniature's world: tables of things, and what can be asked and said about each.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "phrase.hpp"

namespace miniature {

/// One thing of the world: a country, an animal, a word.
struct Row {
  std::string key;  ///< its name; decides whether it is held out of the instruction data
  Vars vars;        ///< what is known about it, by the letters that the table's phrases use
};

/// One kind of question about the rows of a table.
struct Kind {
  std::string_view name;
  std::vector<std::string_view> questions;
  std::vector<std::string_view> answers;
  std::vector<std::string_view>
      accepted;  ///< an answer that contains one of these is correct; empty: not judged
};

/// Things of one sort.
struct Table {
  std::string_view name;
  std::string_view about;                    ///< how people name the topic: "the word {w}"
  std::string_view title;                    ///< the heading of an article
  std::vector<std::string_view> statements;  ///< sentences of an article
  std::vector<Kind> kinds;
  std::vector<Row> rows;
};

/// A field of preference: things that are a matter of taste.
struct Taste {
  std::string category;  ///< "pets"
  std::vector<std::string> items;
  std::vector<std::string> aspects;   ///< what a choice depends on
  std::vector<std::string> opinions;  ///< what partial people say
};

/// All tables of facts, in a fixed order.
const std::vector<Table>& tables();

/// Kinds of question that need more than one row: groups ("Name three fruits.") and comparisons of animals.
const Kind& group_kind();
const Kind& comparison_kind();

/// The animals' table (its column z orders them by size), for comparisons.
const Table& animals();

/// Groups and their members: "fruits" and apples, pears …
struct Group {
  std::string name;
  std::vector<std::string> members;
};
const std::vector<Group>& groups();

const std::vector<Taste>& tastes();

/// True for the quarter of names that the instruction data never mentions in a question.
bool held_out(std::string_view key);

namespace detail {
/// Rows from text: one a `;`, its columns after each other with `:` between, named by `letters`. The first is
/// the key.
std::vector<Row> parse_rows(std::string_view letters, std::string_view text);
std::vector<Table> nature_tables();
std::vector<Table> people_tables();
std::vector<Table> word_tables();
}  // namespace detail

}  // namespace miniature
