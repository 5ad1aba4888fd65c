// Meanings, opposites, groups of things.
#include "world.hpp"

namespace miniature {

namespace detail {

namespace {

constexpr std::string_view kMeanings =
    "brave:ready to face danger;fragile:easy to break;generous:happy to give and share;"
    "rapid:very fast;silent:without any sound;tiny:very small;honest:always telling the truth;"
    "curious:eager to know or learn;patient:able to wait calmly;lazy:not willing to work;polite:showing good "
    "manners;"
    "bitter:having a sharp taste;rare:not found very often;"
    "famous:known by many people;loyal:faithful to friends;clumsy:moving without care;"
    "fresh:new and not old;gentle:kind and soft;hollow:empty on the inside;narrow:not wide;precious:worth a "
    "lot;"
    "remote:far away from towns;shallow:not deep;stubborn:not willing to change;tidy:neat and in order";

constexpr std::string_view kOpposites =
    "hot:cold;big:small;fast:slow;hard:soft;happy:sad;young:old;rich:poor;wet:dry;early:late;high:low;"
    "full:empty;clean:dirty;strong:weak;loud:quiet;sharp:dull;thick:thin;open:closed";

constexpr std::string_view kGroups =
    "fruits:apples,pears,plums,grapes,mangoes,bananas,oranges,cherries;"
    "vegetables:carrots,onions,peas,beans,potatoes,leeks,spinach;"
    "colours:red,blue,green,yellow,purple,orange,white,black;planets:Mercury,Venus,Mars,Jupiter,Saturn,"
    "Neptune;"
    "metals:iron,gold,silver,copper,tin,lead;musical instruments:piano,guitar,violin,drum,flute,trumpet;"
    "sports:football,tennis,swimming,rugby,hockey,golf;farm animals:cows,pigs,sheep,goats,horses,chickens;"
    "wild animals:lions,wolves,bears,foxes,tigers,deer;trees:oak,pine,birch,maple,willow,beech;"
    "flowers:roses,tulips,daisies,lilies,violets;pieces of furniture:chairs,tables,beds,shelves,desks,sofas;"
    "school subjects:history,maths,music,biology,geography,art;drinks:tea,coffee,milk,water,juice,lemonade;"
    "tools:hammers,saws,shovels,brushes,knives;kinds of weather:rain,snow,wind,fog,sunshine,hail";

Table meaning_table() {
  return {"meanings",
          "the word {w}",
          "The word {w}",
          {"{W} means {d}.", "The word {w} means {d}.", "Something or someone {w} is {d}.",
           "You can find the word {w} in every dictionary.", "Children learn the word {w} at school.",
           "When people say {w}, they mean {d}."},
          {{"define",
            {"Define the word {w}.", "What does {w} mean?", "Explain the meaning of {w}.",
             "Give a definition of {w}."},
            {"{W} means {d}.", "The word {w} means {d}.", "Something or someone {w} is {d}."},
            {"{d}"}}},
          parse_rows("wd", kMeanings)};
}

std::vector<Row> both_ways(std::vector<Row> rows) {
  const std::size_t size = rows.size();
  for (std::size_t i = 0; i < size; ++i)
    rows.push_back({rows[i].vars['b'], {{'a', rows[i].vars['b']}, {'b', rows[i].vars['a']}}});
  return rows;
}

Table opposite_table() {
  return {"opposites",
          "the opposite of {a}",
          "Opposites: {a}",
          {"The opposite of {a} is {b}.", "{B} is the opposite of {a}.", "Something that is {a} is not {b}.",
           "Children learn the words {a} and {b} together.", "What is not {a} is often {b}."},
          {{"opposite",
            {"What is the opposite of {a}?", "Name the opposite of {a}.", "Give the antonym of {a}."},
            {"The opposite of {a} is {b}.", "{B} is the opposite of {a}."},
            {"{b}"}}},
          both_ways(parse_rows("ab", kOpposites))};
}

}  // namespace

std::vector<Table> word_tables() {
  return {meaning_table(), opposite_table()};
}

}  // namespace detail

const std::vector<Group>& groups() {
  static const std::vector<Group> all = [] {
    std::vector<Group> out;
    for (const Row& row : detail::parse_rows("cm", detail::kGroups))
      out.push_back({row.key, split(row.vars.at('m'), ',')});
    return out;
  }();
  return all;
}

}  // namespace miniature
