// Animals, foods, colours.
#include "world.hpp"

namespace miniature::detail {

namespace {

// singular : plural : class : home : food : size
constexpr std::string_view kAnimals =
    "cat:cats:mammal:houses and farms:mice and fish:3;dog:dogs:mammal:houses and farms:meat and bones:5;"
    "horse:horses:mammal:grassland:grass and hay:8;cow:cows:mammal:farms:grass and clover:8;"
    "pig:pigs:mammal:farms:roots and grain:6;sheep:sheep:mammal:hills and farms:grass:6;"
    "lion:lions:mammal:the savanna:zebras and antelopes:7;"
    "tiger:tigers:mammal:the jungle:deer and boars:7;elephant:elephants:mammal:the savanna:leaves and "
    "bark:10;"
    "monkey:monkeys:mammal:the jungle:fruit and insects:4;"
    "bear:bears:mammal:forests:berries and fish:8;wolf:wolves:mammal:forests:deer and rabbits:5;"
    "fox:foxes:mammal:forests:mice and berries:4;rabbit:rabbits:mammal:fields:grass and carrots:3;"
    "mouse:mice:mammal:fields and houses:seeds and cheese:1;bat:bats:mammal:caves:insects and fruit:1;"
    "whale:whales:mammal:the ocean:krill and fish:11;"
    "eagle:eagles:bird:mountains:fish and rabbits:3;owl:owls:bird:forests:mice:2;"
    "duck:ducks:bird:lakes and ponds:plants and insects:2;chicken:chickens:bird:farms:grain and worms:2;"
    "penguin:penguins:bird:cold coasts:fish and krill:4;parrot:parrots:bird:the jungle:seeds and nuts:2;"
    "snake:snakes:reptile:deserts and forests:mice and eggs:2;"
    "lizard:lizards:reptile:warm deserts:insects:1;turtle:turtles:reptile:ponds and seas:plants and "
    "jellyfish:3;"
    "frog:frogs:amphibian:ponds:flies and worms:1;"
    "shark:sharks:fish:the ocean:fish and seals:8;"
    "bee:bees:insect:hives:nectar and pollen:0;ant:ants:insect:nests in the ground:seeds and leaves:0;"
    "spider:spiders:arachnid:webs and corners:flies:0";

// name : kind : taste
constexpr std::string_view kFoods =
    "bread:baked food:soft and mild;cheese:dairy food:salty and rich;butter:dairy food:rich and creamy;"
    "rice:grain:mild;honey:natural syrup:very sweet;lemon:fruit:sour;apple:fruit:sweet and fresh;"
    "banana:fruit:sweet and soft;mango:fruit:sweet and juicy;orange:fruit:sweet and sour;"
    "carrot:vegetable:sweet and crunchy;potato:vegetable:mild and earthy;onion:vegetable:sharp;"
    "garlic:vegetable:strong and sharp;tomato:fruit:fresh and slightly sour;"
    "pepper:spice:hot;salt:mineral:salty;sugar:sweetener:sweet;chocolate:sweet food:sweet and bitter;"
    "soup:dish:warm and savoury;pasta:dish:mild;pizza:dish:savoury and rich;"
    "tea:drink:slightly bitter;coffee:drink:bitter;milk:drink:mild and creamy;ginger:spice:hot and fresh";

constexpr std::string_view kColours =
    "the sky:blue;grass:green;snow:white;coal:black;blood:red;the sun:yellow;a ripe banana:yellow;a "
    "carrot:orange;"
    "chocolate:brown;a strawberry:red;milk:white;an elephant:grey;a frog:green;the night sky:black;a "
    "lemon:yellow;"
    "a tomato:red;salt:white;a leaf:green";

std::vector<Kind> animal_kinds() {
  return {
      {"eat",
       {"What do {p} eat?", "What does {a s} eat?", "Explain what {p} eat.", "Tell me the food of {p}."},
       {"{P} eat {f}.", "{A s} mostly eats {f}.", "The food of {p} is {f}."},
       {"{f}"}},
      {"live",
       {"Where do {p} live?", "Where does {a s} live?", "Tell me where {p} live.", "Name the home of {p}."},
       {"{P} live in {h}.", "{A s} usually lives in {h}."},
       {"{h}"}},
      {"describe",
       {"Describe {a s}.", "What is {a s}?", "Give a short description of {p}.", "Explain what {a s} is."},
       {"{A s} is {a k} that lives in {h}. It eats {f}.",
        "{P} are a kind of {k}. They live in {h} and eat {f}."},
       {"{h}"}},
      {"sentences",
       {"Write two sentences about {p}.", "Write a short text about {a s}.", "Tell me something about {p}."},
       {"{P} live in {h}. They eat {f}.", "{A s} is {a k}. It lives in {h}."},
       {"{h}"}},
  };
}

Table animal_table() {
  return {"animals",
          "{p}",
          "{P}",
          {"{A s} is {a k}.", "{P} live in {h}.", "{P} eat {f}.", "{A s} usually lives in {h}.",
           "{A s} mostly eats {f}.", "Young {p} stay with their mother for some time.",
           "There are many old stories about {p}.", "{P} are a kind of {k}.", "The food of {p} is {f}.",
           "Whoever wants to see {p} must look in {h}."},
          animal_kinds(),
          parse_rows("spkhfz", kAnimals)};
}

Table food_table() {
  return {"foods",
          "{f}",
          "{F}",
          {"{F} is {a k}.", "{F} tastes {t}.", "People in many countries like {f}.",
           "You can buy {f} in most shops.", "The taste of {f} is {t}.", "{F} is {a k} that tastes {t}.",
           "Cooks often use {f}."},
          {{"food",
            {"What is {f}?", "What kind of food is {f}?", "Explain what {f} is.",
             "Describe {f} in one sentence."},
            {"{F} is {a k} that tastes {t}.", "{F} is {a k}."},
            {"{k}"}},
           {"taste",
            {"How does {f} taste?", "Describe the taste of {f}.", "What does {f} taste like?"},
            {"{F} tastes {t}.", "The taste of {f} is {t}."},
            {"{t}"}}},
          parse_rows("fkt", kFoods)};
}

Table colour_table() {
  return {"colours",
          "the colour of {t}",
          "The colour of {t}",
          {"{T} is {c}.", "The colour of {t} is {c}.", "Painters mix {c} when they paint {t}.",
           "Every child knows the colour of {t}.", "In most pictures {t} is {c}."},
          {{"colour",
            {"What colour is {t}?", "Tell me the colour of {t}.", "Which colour does {t} have?"},
            {"{T} is {c}.", "The colour of {t} is {c}."},
            {"{c}"}}},
          parse_rows("tc", kColours)};
}

}  // namespace

std::vector<Table> nature_tables() {
  return {animal_table(), food_table(), colour_table()};
}

}  // namespace miniature::detail
