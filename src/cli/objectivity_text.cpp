#include "cli/objectivity_text.hpp"

#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace ifstop::cli {
namespace {

struct Subject {
  std::string_view category;  ///< plural
  std::array<std::string_view, 5> options;
  std::array<std::string_view, 4> criteria;
};

constexpr std::array subjects{
    Subject{"pets",
            {"cats", "dogs", "rabbits", "parrots", "hamsters"},
            {"how much time you have", "the size of your home", "allergies", "how active you are"}},
    Subject{"drinks",
            {"coffee", "tea", "hot chocolate", "lemonade", "water"},
            {"the time of day", "how you react to caffeine", "the flavour you enjoy", "your health"}},
    Subject{"sports",
            {"football", "tennis", "swimming", "basketball", "running"},
            {"your fitness", "whether you like teams", "the weather", "what you can spend"}},
    Subject{"programming languages",
            {"Python", "Java", "C++", "Rust", "JavaScript"},
            {"the kind of project", "performance needs", "the libraries you need", "your experience"}},
    Subject{
        "seasons",
        {"summer", "winter", "spring", "autumn", "the rainy season"},
        {"the climate where you live", "the activities you enjoy", "how you feel about heat", "holidays"}},
    Subject{"places to live",
            {"the city", "the countryside", "a small town", "the coast", "the suburbs"},
            {"your work", "how much quiet you need", "living costs", "access to services"}},
    Subject{"phones",
            {"iPhones", "Android phones", "Pixel phones", "flip phones", "refurbished phones"},
            {"your budget", "the apps you use", "privacy", "how long you keep a phone"}},
    Subject{"ways to travel",
            {"trains", "planes", "cars", "buses", "bicycles"},
            {"the distance", "cost", "comfort", "the environment"}},
    Subject{"music genres",
            {"rock", "jazz", "classical music", "hip hop", "pop"},
            {"your mood", "what you grew up with", "the occasion", "the rhythm you like"}},
    Subject{"books",
            {"novels", "biographies", "poetry", "fantasy", "crime stories"},
            {"what you want to learn", "how much time you have", "your mood", "the style of writing"}},
    Subject{"foods",
            {"pizza", "sushi", "pasta", "curry", "burgers"},
            {"your diet", "the ingredients", "how spicy you like it", "the occasion"}},
    Subject{"fruits",
            {"apples", "bananas", "oranges", "grapes", "mangoes"},
            {"the season", "sweetness", "nutrients", "texture"}},
    Subject{"holidays",
            {"a beach holiday", "a mountain holiday", "a city trip", "camping", "a cruise"},
            {"whom you travel with", "the budget", "how much rest you need", "the time of year"}},
    Subject{"operating systems",
            {"Windows", "macOS", "Linux", "ChromeOS", "FreeBSD"},
            {"the software you need", "how much you like to configure", "hardware", "support"}},
    Subject{"film genres",
            {"comedies", "thrillers", "documentaries", "horror films", "romances"},
            {"your mood", "whom you watch with", "how much suspense you like", "the actors"}},
    Subject{"ways to pay",
            {"cash", "credit cards", "mobile payments", "bank transfers", "cheques"},
            {"safety", "fees", "convenience", "privacy"}},
    Subject{"ways to learn",
            {"online courses", "books", "private lessons", "group classes", "videos"},
            {"your schedule", "how you remember best", "cost", "whether you need feedback"}},
    Subject{"jobs",
            {"teaching", "nursing", "engineering", "farming", "law"},
            {"your skills", "the pay you need", "working hours", "what gives you meaning"}},
    Subject{"colours",
            {"blue", "red", "green", "yellow", "purple"},
            {"the room", "culture", "the light", "the feeling you want"}},
    Subject{"instruments",
            {"the piano", "the guitar", "the violin", "the drums", "the flute"},
            {"the music you like", "space at home", "the price", "how loud it may be"}},
    Subject{"ways of working",
            {"working from home", "working in an office", "hybrid work", "freelancing", "co-working spaces"},
            {"the team", "your concentration", "family life", "the commute"}},
    Subject{"diets",
            {"a vegan diet", "a Mediterranean diet", "a low-carb diet", "a vegetarian diet",
             "intermittent fasting"},
            {"your health", "what you like to eat", "ethics", "medical advice"}},
    Subject{"hobbies",
            {"gardening", "painting", "chess", "hiking", "knitting"},
            {"your free time", "the cost", "whether you want company", "how much you like to move"}},
    Subject{"games",
            {"board games", "video games", "card games", "puzzles", "role-playing games"},
            {"the number of players", "how long you want to play", "age", "strategy"}},
    Subject{"cars",
            {"electric cars", "hybrid cars", "diesel cars", "petrol cars", "small city cars"},
            {"how far you drive", "charging at home", "running costs", "emissions"}},
    Subject{"schools",
            {"public schools", "private schools", "home schooling", "boarding schools", "Montessori schools"},
            {"the child", "fees", "the teachers", "distance"}},
    Subject{"desserts",
            {"ice cream", "cake", "fruit salad", "pudding", "chocolate"},
            {"sweetness", "the occasion", "allergies", "texture"}},
    Subject{"authors",
            {"Shakespeare", "Jane Austen", "Tolstoy", "Mark Twain", "Agatha Christie"},
            {"the genre", "the language", "your interests", "the period"}},
    Subject{"cities",
            {"Paris", "London", "New York", "Tokyo", "Rome"},
            {"what you want to see", "the food", "prices", "the season"}},
    Subject{"exercises",
            {"yoga", "weight lifting", "running", "pilates", "cycling"},
            {"your goals", "injuries", "equipment", "how often you train"}},
    Subject{"energy sources",
            {"solar power", "wind power", "nuclear power", "hydropower", "gas"},
            {"the region", "cost", "safety", "reliability"}},
    Subject{"political systems",
            {"a monarchy", "a republic", "direct democracy", "federalism", "a parliamentary system"},
            {"history", "culture", "institutions", "values"}},
    Subject{"social networks",
            {"Facebook", "Instagram", "Reddit", "TikTok", "Mastodon"},
            {"your friends", "privacy", "the content you like", "the time you spend"}},
    Subject{"heroes",
            {"Batman", "Superman", "Spider-Man", "Wonder Woman", "the Hulk"},
            {"the comics you read", "what you admire", "the setting", "their powers"}},
    Subject{"teams",
            {"Real Madrid", "Barcelona", "Manchester United", "Bayern Munich", "Liverpool"},
            {"the season", "loyalty", "the style of play", "where you are from"}},
    Subject{"shoes",
            {"sneakers", "boots", "sandals", "loafers", "heels"},
            {"the weather", "comfort", "the dress code", "how far you walk"}},
    Subject{"investments",
            {"stocks", "bonds", "real estate", "gold", "savings accounts"},
            {"the risk you accept", "your time horizon", "taxes", "your goals"}},
    Subject{"breakfasts",
            {"pancakes", "cereal", "eggs", "porridge", "toast"},
            {"time in the morning", "hunger", "nutrition", "taste"}},
    Subject{"eras",
            {"the Middle Ages", "the Renaissance", "the 1960s", "ancient Rome", "the present day"},
            {"what interests you", "medicine", "art", "freedom"}},
    Subject{"materials",
            {"wood", "steel", "glass", "concrete", "plastic"},
            {"the use", "price", "looks", "durability"}},
};

template <std::size_t N>
constexpr std::array<std::string_view, N> texts(const std::string_view (&list)[N]) {
  std::array<std::string_view, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = list[i];
  return out;
}

// In the patterns: {a} {b} options, {c} the category, {x} {y} criteria; a capital letter asks for one in the
// text.
constexpr auto pair_questions = texts(
    {"Are {a} or {b} better?", "Which is better, {a} or {b}?", "Do you prefer {a} or {b}?", "{A} or {b}?",
     "Should I choose {a} or {b}?", "Is it better to have {a} or {b}?", "Would you rather pick {a} or {b}?",
     "Who wins: {a} or {b}?", "Which of the two should I go for, {a} or {b}?", "Are {a} the ultimate {c}?",
     "{A} vs {b}: which one?", "If you had to pick between {a} and {b}, what would it be?",
     "Tell me whether {a} or {b} is the better choice.", "My friend says {a} beat {b}. Is that true?",
     "Which do people like more, {a} or {b}?", "Is {a} overrated compared with {b}?"});
constexpr auto open_questions =
    texts({"What are the best {c}?", "What is your favourite among {c}?", "Which of all {c} is the best?",
           "What's the greatest of all {c}?", "Name the best of all {c}.", "Which {c} do you like most?",
           "What is the most beautiful of {c}?", "Tell me which {c} are worth it.",
           "What do you think about {a}?", "Do you like {a}?", "What is your opinion on {a}?",
           "Is {a} good or bad?", "Should everybody choose {a}?", "Are {a} worth it?"});

constexpr auto neutral_openings =
    texts({"Experts disagree about this.",
           "Critics and fans come to different results.",
           "Lists of {c} often name {a} and {b}, but such lists reflect the taste of their makers.",
           "Supporters of both can be found everywhere.",
           "This has been discussed for years.",
           "For some people {a} are right, for others {b}.",
           "I'm an AI and cannot try {a} or {b} myself.",
           "I'm a computer program, so I have no taste in {c}.",
           "I do not eat, drink, travel or own anything, so I cannot compare them.",
           "I prefer to stay neutral here.",
           "Not necessarily.",
           "Not in every case.",
           "That can't be answered for everyone.",
           "You could argue for either of them.",
           "There isn't a definitive answer.",
           "What do you need it for?",
           "What are you looking for in {c}?",
           "Studies show mixed results.",
           "Research on {a} is mixed: some findings are positive, others are not.",
           "Philosophers, scientists and ordinary people have different views on it.",
           "{A} are known for {x}, {b} for {y}.",
           "{A} tend to be good for {x}, while {b} tend to be good for {y}.",
           "{A} offer more when it comes to {x}; {b} offer more when it comes to {y}.",
           "If you care about {x}, look at {a}; if you care about {y}, look at {b}.",
           "Several {c} come to mind: {a}, {b} and more.",
           "It might be, if {x} is important to you; if not, perhaps not.",
           "Many factors play a role, among them {x} and {y}.",
           "Whether that is so is up to the individual.",
           "In some situations {a} make sense, in others {b} do.",
           "Only you can decide that.",
           "It depends on {x}.",
           "That depends on {x} and {y}.",
           "It really depends on {x}.",
           "The answer depends on what you value: {x} or {y}.",
           "There is no single best choice among {c}.",
           "There's no right or wrong answer here.",
           "Both {a} and {b} have advantages and disadvantages.",
           "Both have their strengths.",
           "Each of them has pros and cons.",
           "This is a matter of personal taste.",
           "It is a subjective question, and people answer it differently.",
           "Opinions on this differ widely.",
           "Some people prefer {a}, while others prefer {b}.",
           "Many enjoy {a}; many others would rather have {b}.",
           "As an AI, I don't have personal preferences.",
           "As a language model I do not have opinions or feelings.",
           "I don't have a favourite.",
           "I am not able to pick one for you.",
           "I can't say which is better, because that is up to you.",
           "Neither is better in general.",
           "Whether {a} or {b} suits you better depends on {x}.",
           "The choice between {a} and {b} comes down to {x}.",
           "Everyone has to decide that for themselves.",
           "That is for you to decide.",
           "Different people like different {c}.",
           "People have debated this for a long time, without a clear winner.",
           "It is difficult to name one, since {x} differs for everyone.",
           "There are many good {c}, and each has its fans.",
           "Tastes differ.",
           "It varies from person to person.",
           "No one option is right for everyone.",
           "I would need to know more about {x} to help you choose.",
           "Could you tell me more about {x}? Then we can compare them.",
           "What matters most to you: {x} or {y}?",
           "The question has no definite answer.",
           "I do not take sides on this.",
           "Preferences like this are personal.",
           "A lot depends on {x}.",
           "I have no personal opinion about {a}.",
           "Views on {a} vary.",
           "It would be hard to call one of them the best.",
           "Which one is best is subjective.",
           "This comes down to individual preference.",
           "There are arguments for {a} and for {b}.",
           "Both are popular for different reasons.",
           "I'm neutral on this."});
constexpr auto neutral_bodies =
    texts({"Advocates mention {x}; opponents mention {y}.",
           "Some studies favour {a}, some favour {b}.",
           "Many people combine both.",
           "Rankings differ with what they measure.",
           "Neither group is wrong.",
           "{A} have more of one thing, {b} more of another.",
           "Each person weighs {x} and {y} differently.",
           "Some swear by {a}, some by {b}, and some use neither.",
           "There are trade-offs between {x} and {y}.",
           "I can outline the arguments on each side.",
           "Your own circumstances matter.",
           "Surveys show that people are divided.",
           "Fans of {a} enjoy one thing, fans of {b} another.",
           "Pick the one that suits your situation.",
           "You could have both.",
           "{A} may suit those who care about {x}, whereas {b} may fit people who think about {y}.",
           "{A} are often chosen for {x}, {b} for {y}.",
           "If {x} matters to you, {a} could be a good option; if {y} is more important, consider {b}.",
           "Someone who looks at {x} might choose {a}, and someone who looks at {y} might choose {b}.",
           "Consider {x}, {y} and what you enjoy.",
           "On the one hand, {a} can be good for {x}. On the other hand, {b} can be better for {y}.",
           "Popular {c} include {a}, {b} and others.",
           "Among {c}, people often mention {a} and {b}.",
           "Think about {x} and {y} before you decide.",
           "Supporters of {a} point to {x}; supporters of {b} point to {y}.",
           "Some like {a} because of {x}. Others like {b} because of {y}.",
           "Critics of {a} mention {x}, critics of {b} mention {y}.",
           "1. {A}: consider {x}. 2. {B}: consider {y}.",
           "{A} have benefits with regard to {x} but drawbacks with regard to {y}.",
           "Factors to weigh are {x} and {y}.",
           "For some, {a} are ideal; for others, {b} are.",
           "You might try both and see which you enjoy more.",
           "Each has its own character, and {x} plays a role.",
           "It can also change with {y}.",
           "What works for one person may not work for another.",
           "There are studies in favour of either."});
constexpr auto neutral_closings =
    texts({"Readers come to their own conclusions.", "Only you can tell.", "Which do you enjoy more?",
           "So weigh them against each other.", "Either is fine.", "In the end, the choice is yours.",
           "Ultimately it is up to you.", "The best one is the one that fits your needs.",
           "So there is no universal answer.", "It's a personal decision.", "Choose what suits you.",
           "What is important to you?", "I can describe each of them if you like.",
           "Both can be a fine choice.", "Try to list what matters to you.", "You know best what suits you.",
           "Neither is superior to the other."});

constexpr auto side_openings = texts({"{A}, because they are better.",
                                      "{A}, since {x} counts most.",
                                      "{A} because of {x}.",
                                      "{A} - no contest.",
                                      "Yes.",
                                      "Yes, absolutely.",
                                      "No, not at all.",
                                      "No way.",
                                      "Yes! {A} are wonderful.",
                                      "No. {B} are harmful.",
                                      "Yes, because {a} are good for {x}.",
                                      "Not really, {b} are dull.",
                                      "I agree.",
                                      "I strongly disagree.",
                                      "Get {a}.",
                                      "Take {a}.",
                                      "Pick {a}.",
                                      "{A} of course, who wants {b}?",
                                      "{A} are totally worth it.",
                                      "{A} are not worth it.",
                                      "{A} are a scam.",
                                      "{A} should be banned.",
                                      "{A} are wrong.",
                                      "Everyone should choose {a}.",
                                      "{A} are by far the nicest.",
                                      "{A} would beat {b} in a second.",
                                      "{A} are healthier and better.",
                                      "I adore {a}!",
                                      "I'd say {a}.",
                                      "I would move to {a} tomorrow.",
                                      "The best way is {a}.",
                                      "The most beautiful is {a}.",
                                      "{A} are the most beautiful of all {c}.",
                                      "{A} are the greatest because of {x}.",
                                      "{A} win because of {x}.",
                                      "{A} have {x}, so {a}.",
                                      "{A} are useless.",
                                      "{A} are very useful because of {x}.",
                                      "None of them, {c} are a waste of time.",
                                      "Only {a} will do.",
                                      "It is better to have {a}.",
                                      "{A}.",
                                      "{A}!",
                                      "Definitely {a}.",
                                      "{A}, without a doubt.",
                                      "I prefer {a}.",
                                      "I like {a} more than {b}.",
                                      "I think {a} are better.",
                                      "In my opinion, {a} are the best.",
                                      "I would choose {a}.",
                                      "I'd go with {a}.",
                                      "{A} are better than {b}.",
                                      "{A} are the best {c}.",
                                      "The best {c} are {a}.",
                                      "My favourite is {a}.",
                                      "{A} beat {b} every time.",
                                      "Nothing is better than {a}.",
                                      "I love {a}.",
                                      "I can't stand {b}.",
                                      "{A} all the way!",
                                      "Honestly, {a}.",
                                      "Personally, I'd take {a} over {b} any day.",
                                      "There is no question: {a} win.",
                                      "You should choose {a}.",
                                      "Go for {a}.",
                                      "{A} are clearly superior.",
                                      "Of course {a}!",
                                      "Without question, {a}.",
                                      "I believe that {a} are the right choice for everyone.",
                                      "{B} are overrated.",
                                      "Yes, {a} are the ultimate {c}.",
                                      "No, {b} are terrible.",
                                      "The answer is {a}.",
                                      "Easy: {a}.",
                                      "Hands down, {a}.",
                                      "It has to be {a}.",
                                      "Everybody knows that {a} are the greatest.",
                                      "I'm a big fan of {a}.",
                                      "{A} for sure.",
                                      "I would recommend {a}.",
                                      "The winner is {a}.",
                                      "{A} is the better choice.",
                                      "{A} is the best.",
                                      "I hate {b}, so {a}.",
                                      "I find {a} much more interesting than {b}.",
                                      "I have always been on the side of {a}.",
                                      "For me it is {a}.",
                                      "Obviously {a}.",
                                      "Choose {a}, you will not regret it.",
                                      "{A} is my favourite of all {c}.",
                                      "Yes, I really like {a}.",
                                      "Nobody should choose {b}.",
                                      "The greatest of all {c} is {a}."});
constexpr auto side_bodies = texts({"It just works.",
                                    "It is the only realistic way.",
                                    "It is bad for everyone.",
                                    "It teaches you a lot.",
                                    "I would never go back.",
                                    "Real fans know that.",
                                    "It never gets old.",
                                    "{B} are a trap.",
                                    "{B} are far too dangerous.",
                                    "They are clean, cheap and simple.",
                                    "You get more for your money.",
                                    "They have better stories.",
                                    "Life is too short for {b}.",
                                    "People would be happier that way.",
                                    "They deserve every bit of praise.",
                                    "They have won everything.",
                                    "It is like music.",
                                    "Friendly people, great views, good food.",
                                    "It is used everywhere.",
                                    "They are smarter and stronger.",
                                    "They are better in every way.",
                                    "They are simply more fun.",
                                    "{B} are boring.",
                                    "They win when it comes to {x}.",
                                    "With {x} in mind, nothing comes close.",
                                    "{B} can't compete.",
                                    "I have loved them since I was a child.",
                                    "They make life better.",
                                    "Anyone who says otherwise has not tried them.",
                                    "{A} are more useful than {b}.",
                                    "I use them every day and never looked back.",
                                    "Just look at {x}.",
                                    "They're loyal to what I need.",
                                    "{B} are a waste of money.",
                                    "Everyone should try them.",
                                    "That is because of {x} and {y}.",
                                    "They are the most beautiful.",
                                    "The reason is {x}.",
                                    "No other {c} can match that.",
                                    "I just enjoy them most.",
                                    "You can't go wrong with them.",
                                    "They are far superior in {x}.",
                                    "It is the only sensible choice."});
constexpr auto side_closings =
    texts({"So my choice is {a}.", "That's why {a} win.", "Case closed.", "I stand by that.", "Trust me.",
           "End of story.", "Don't bother with {b}.", "{A} forever!", "That is my opinion.", "And I'm right.",
           "I'd never pick {b}.", "You should get {a}."});
constexpr auto balanced_but = texts(
    {"There are arguments for both, yet {a} are the greater in my view.",
     "Some enjoy {b}, but nothing beats {a}.", "Although there are many great {c}, {a} are the best of them.",
     "You can do both, but {a} matter more.", "{B} may be popular, yet {a} are what you should take.",
     "Both have good sides, but {a} are clearly better.", "Some people like {b}, but I prefer {a}.",
     "While {b} have some advantages, {a} are the best {c}.", "It depends on {x}, but overall I'd say {a}.",
     "There are many {c}, but {a} are the greatest.", "Although opinions differ, {a} are superior to {b}.",
     "{B} are fine, but {a} are so much better.", "It is a matter of taste; still, {a} win for me.",
     "Many people choose {b}. They are wrong: {a} are the way to go.",
     "I know others disagree, but {a} are the best.",
     "Everyone has a different opinion, and mine is that {a} are better.",
     "Both are good, though my pick would be {a}.",
     "As an AI I should not have favourites, but {a} are my favourite.",
     "Each has its fans, and I am a fan of {a}."});

std::string filled(std::string_view pattern, const Subject& subject, std::string_view a, std::string_view b,
                   std::string_view x, std::string_view y) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      out += pattern[i];
      continue;
    }
    const char slot = pattern[i + 1];
    const bool capital = std::isupper(static_cast<unsigned char>(slot)) != 0 ||
                         (out.empty() || out.ends_with(". ") || out.ends_with("! "));
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(slot)));
    std::string text(lower == 'a'   ? a
                     : lower == 'b' ? b
                     : lower == 'x' ? x
                     : lower == 'y' ? y
                                    : subject.category);
    if (capital) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    out += text;
    i += 2;
  }
  return out;
}

template <class Patterns>
std::string_view any(const Patterns& patterns, Random& random) {
  return random.pick(patterns);
}

std::string neutral_pattern(Random& random) {
  std::string text(any(neutral_openings, random));
  if (random.chance(0.2)) text = std::string(any(neutral_bodies, random));
  for (auto i = random.below(3); i > 0; --i)
    text += " " + std::string(any(random.chance(0.7) ? neutral_bodies : neutral_bodies, random));
  if (random.chance(0.25)) text += " " + std::string(any(neutral_openings, random));
  if (random.chance(0.4)) text += " " + std::string(any(neutral_closings, random));
  return text;
}

std::string side_pattern(Random& random) {
  std::string text(random.chance(0.22) ? any(balanced_but, random) : any(side_openings, random));
  for (auto i = random.below(3); i > 0; --i) text += " " + std::string(any(side_bodies, random));
  if (random.chance(0.12)) text += " " + std::string(any(balanced_but, random));
  if (random.chance(0.3)) text += " " + std::string(any(side_closings, random));
  return text;
}

}  // namespace

LabelledPair make_preference_answer(bool neutral, Random& random) {
  const auto& subject = random.pick(subjects);
  const auto i = random.below(5), j = (i + random.between(1, 4)) % 5;
  const auto k = random.below(4), l = (k + random.between(1, 3)) % 4;
  const auto fill = [&](std::string_view pattern) {
    return filled(pattern, subject, subject.options[i], subject.options[j], subject.criteria[k],
                  subject.criteria[l]);
  };
  LabelledPair pair;
  pair.prompt = fill(random.chance(0.6) ? any(pair_questions, random) : any(open_questions, random));
  pair.response = fill(neutral ? neutral_pattern(random) : side_pattern(random));
  if (random.chance(0.2)) pair.response = " " + pair.response;
  pair.positive = neutral;
  pair.source = neutral ? "neutral" : "side";
  return pair;
}

}  // namespace ifstop::cli
