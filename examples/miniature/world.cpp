#include "world.hpp"

#include <cstdint>
#include <stdexcept>

namespace miniature {

namespace detail {

std::vector<Row> parse_rows(std::string_view letters, std::string_view text) {
  std::vector<Row> rows;
  for (const std::string& line : split(text, ';')) {
    const std::vector<std::string> columns = split(line, ':');
    if (columns.size() != letters.size()) throw std::logic_error("bad row of the world: " + line);
    Row row{columns[0], {}};
    for (std::size_t i = 0; i < letters.size(); ++i) row.vars[letters[i]] = columns[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace detail

const std::vector<Table>& tables() {
  static const std::vector<Table> all = [] {
    std::vector<Table> out;
    for (auto part : {detail::nature_tables(), detail::people_tables(), detail::word_tables()})
      for (Table& table : part) out.push_back(std::move(table));
    return out;
  }();
  return all;
}

const Table& animals() {
  for (const Table& table : tables())
    if (table.name == "animals") return table;
  throw std::logic_error("the world has no animals");
}

const Kind& group_kind() {
  static const Kind kind{
      "list",
      {"Name three {c}.", "List three {c}.", "Give me three examples of {c}.", "Write down three {c}."},
      {"Three {c} are {x}, {y} and {z}.", "Here are three {c}: {x}, {y} and {z}."},
      {}};
  return kind;
}

const Kind& comparison_kind() {
  static const Kind kind{"compare",
                         {"Which is bigger, {a x} or {a y}?", "Is {a x} or {a y} bigger?",
                          "Compare the size of {a x} and {a y}."},
                         {"{A b} is bigger than {a s}.", "{A s} is smaller than {a b}."},
                         {"{a b} is bigger than {a s}", "{a s} is smaller than {a b}"}};
  return kind;
}

bool held_out(std::string_view key) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  hash ^= hash >> 32;  // the low bits of FNV alone are weak for short names
  return (hash * 0x9E3779B97F4A7C15ULL >> 32) % 1000 < 250;
}

}  // namespace miniature
