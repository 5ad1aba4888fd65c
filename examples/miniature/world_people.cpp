// Countries, tasks, jobs, tools, hobbies.
#include "world.hpp"

namespace miniature::detail {

namespace {

// country : capital : continent
constexpr std::string_view kCountries =
    "France:Paris:Europe;Germany:Berlin:Europe;Italy:Rome:Europe;Spain:Madrid:Europe;Portugal:Lisbon:Europe;"
    "Poland:Warsaw:Europe;Greece:Athens:Europe;Norway:Oslo:Europe;Sweden:Stockholm:Europe;Finland:Helsinki:"
    "Europe;"
    "Denmark:Copenhagen:Europe;Austria:Vienna:Europe;Hungary:Budapest:Europe;Ireland:Dublin:Europe;Ukraine:"
    "Kyiv:Europe;"
    "Iceland:Reykjavik:Europe;Japan:Tokyo:Asia;China:Beijing:Asia;India:New Delhi:Asia;"
    "Thailand:Bangkok:Asia;Vietnam:Hanoi:Asia;Iran:Tehran:Asia;"
    "Turkey:Ankara:Asia;South "
    "Korea:Seoul:Asia;Egypt:Cairo:Africa;"
    "Kenya:Nairobi:Africa;Morocco:Rabat:Africa;Ethiopia:Addis Ababa:Africa;"
    "Canada:Ottawa:North America;Mexico:Mexico City:North America;"
    "Cuba:Havana:North America;Brazil:Brasilia:South America;Peru:Lima:South America;Chile:Santiago:South "
    "America;"
    "Argentina:Buenos Aires:South America;"
    "Australia:Canberra:Oceania;New Zealand:Wellington:Oceania";

// task : first step : second : third
constexpr std::string_view kTasks =
    "boil an egg:put the egg in hot water:wait for eight minutes:cool it under cold water;"
    "make tea:boil some water:pour it over the tea leaves:wait for four minutes;"
    "plant a tree:dig a deep hole:place the roots in the soil:water it well;"
    "clean a window:spray it with soapy water:wipe it with a cloth:dry it with paper;"
    "wash a car:rinse off the dust:rub it with a soft sponge:dry it with a towel;"
    "bake bread:mix flour, water and yeast:let the dough rest for an hour:bake it in a hot oven;"
    "cook rice:rinse the rice:boil it in salted water:drain it;"
    "write a letter:write the date and a greeting:say what you want to say:sign your name;"
    "fix a flat tyre:take off the wheel:patch the hole in the tube:pump it up again;"
    "paint a wall:cover the floor:roll on the first coat:let it dry;"
    "tie a knot:cross the two ends:pull one end through the loop:pull it tight;"
    "grow tomatoes:put the seeds in warm soil:water them every day:pick them when they are red;"
    "make soup:chop some vegetables:fry them with onion:add water and boil them;"
    "save money:write down what you spend:set a small goal:put some aside each month;"
    "sleep better:turn off the screens:keep the room dark:go to bed at the same time;"
    "pack a bag:make a list:fold the clothes:put heavy things at the bottom;"
    "build a fire:gather dry wood:pile up the small sticks:light it from below;"
    "iron a shirt:heat the iron:start with the collar:hang it up;"
    "sharpen a knife:wet the stone:slide the blade along it:wipe it clean;"
    "catch a fish:put bait on the hook:throw the line into the water:wait quietly";

constexpr std::string_view kJobs =
    "doctor:treats sick people;teacher:helps students to learn;baker:makes bread and cakes;"
    "farmer:grows crops and keeps animals;pilot:flies planes;carpenter:builds things from wood;"
    "nurse:cares for patients;plumber:repairs pipes;chef:cooks meals in a restaurant;painter:paints walls or "
    "pictures;"
    "writer:writes books and stories;judge:decides cases in court;sailor:works on ships;tailor:makes and "
    "mends clothes;"
    "dentist:looks after teeth;gardener:takes care of plants;driver:drives cars or buses;singer:performs "
    "songs;"
    "miner:digs minerals out of the ground;librarian:takes care of books";

constexpr std::string_view kTools =
    "hammer:drive nails into wood;saw:cut wood;knife:cut food;spoon:eat soup;needle:sew cloth;"
    "ladder:reach high places;broom:sweep the floor;compass:find the north;thermometer:measure temperature;"
    "clock:tell the time;pen:write on paper;shovel:dig holes;brush:clean small things;lamp:light a room;"
    "rope:tie things together;scale:measure weight;telescope:look at stars;umbrella:stay dry in the rain;"
    "key:open a lock;bucket:carry water";

constexpr std::string_view kHobbies =
    "reading:teaches new things and calms the mind;swimming:trains the whole body;running:keeps the heart "
    "healthy;"
    "painting:helps people to express themselves;cooking:is useful and tasty;gardening:brings fresh air and "
    "fresh food;"
    "chess:trains logic and patience;dancing:is fun and good for the body;hiking:shows the beauty of nature;"
    "fishing:is calm and quiet;singing:lifts the mood;cycling:is cheap and healthy;drawing:trains the eye "
    "and the hand;"
    "knitting:makes warm clothes;travelling:shows new places;photography:keeps memories alive";

Table country_table() {
  return {"countries",
          "{c}",
          "{C}",
          {"{C} is a country in {o}.", "The capital of {c} is {t}.", "{T} is the capital of {c}.",
           "Many people visit {t} every year.", "The people of {c} are proud of their history.",
           "{C} belongs to the continent of {o}.", "The capital city of {c} is {t}.", "{C} is in {o}.",
           "The largest museum of {c} is in {t}, the capital."},
          {{"capital",
            {"What is the capital of {c}?", "Name the capital of {c}.", "Which city is the capital of {c}?",
             "Tell me the capital city of {c}.", "Can you tell me what the capital of {c} is?"},
            {"The capital of {c} is {t}.", "{T} is the capital of {c}.", "The capital city of {c} is {t}."},
            {"{t}"}},
           {"continent",
            {"On which continent is {c}?", "Where is {c}?", "Tell me where {c} is.",
             "Which continent does {c} belong to?"},
            {"{C} is in {o}.", "{C} is a country in {o}.", "{C} belongs to the continent of {o}."},
            {"{o}"}}},
          parse_rows("cto", kCountries)};
}

Table task_table() {
  return {"tasks",
          "how to {t}",
          "How to {t}",
          {"To {t}, first {a}. Then {b}. Finally, {c}.", "People who {t} begin like this: {a}.",
           "Many people learn to {t} at home.", "It takes some practice to {t}.",
           "Whoever wants to {t} has to {a} first.", "After that, {b}.", "At the end, {c}."},
          {{"how",
            {"How do I {t}?", "Explain how to {t}.", "Give me instructions to {t}.", "How can I {t}?",
             "Describe how people {t}."},
            {"To {t}, first {a}. Then {b}. Finally, {c}.", "To {t}, {a}. Next, {b}. At the end, {c}."},
            {"{a}"}}},
          parse_rows("tabc", kTasks)};
}

Table job_table() {
  return {"jobs",
          "the work of {a j}",
          "{J}",
          {"{A j} {d}.", "{A j} is a person who {d}.", "The work of {a j} takes years to learn.",
           "Every town needs {a j}.", "Someone who {d} is {a j}."},
          {{"job",
            {"What does {a j} do?", "Describe the work of {a j}.", "Explain the job of {a j}."},
            {"{A j} {d}.", "{A j} is a person who {d}."},
            {"{d}"}}},
          parse_rows("jd", kJobs)};
}

Table tool_table() {
  return {"tools",
          "the use of {a t}",
          "{T}",
          {"{A t} is used to {u}.", "You can use {a t} to {u}.", "You can buy {a t} in most shops.",
           "Most houses have {a t}.", "Whoever wants to {u} needs {a t}."},
          {{"tool",
            {"What is {a t} used for?", "Explain the use of {a t}.", "What can I do with {a t}?"},
            {"{A t} is used to {u}.", "You can use {a t} to {u}."},
            {"{u}"}}},
          parse_rows("tu", kTools)};
}

Table hobby_table() {
  return {"hobbies",
          "{h}",
          "{H}",
          {"{H} {b}.", "People like {h} because it {b}.", "Clubs for {h} exist in many towns.",
           "You do not need much money for {h}.", "Doctors and teachers say that {h} {b}."},
          {{"hobby",
            {"Why do people like {h}?", "Give one reason to try {h}.", "What is good about {h}?"},
            {"People like {h} because it {b}.", "{H} {b}."},
            {"{b}"}}},
          parse_rows("hb", kHobbies)};
}

}  // namespace

std::vector<Table> people_tables() {
  return {country_table(), task_table(), job_table(), tool_table(), hobby_table()};
}

}  // namespace miniature::detail
