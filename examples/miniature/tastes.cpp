// Matters of taste: things that people prefer, what a choice depends on, and what partial people say.
#include "world.hpp"

namespace miniature {

namespace {

// category : items : aspects : opinions
constexpr std::string_view kTastes =
    "pets:cats,dogs,rabbits,parrots,hamsters,turtles,goldfish,horses:how much time you have,the size of your "
    "home,"
    "your habits,your budget:they are quiet,they are loyal,they are easy to keep,they are funny,they are "
    "clever;"
    "drinks:tea,coffee,milk,juice,water,lemonade,cocoa,cider:your taste,the time of day,your health,your "
    "mood:"
    "it tastes great,it keeps me awake,it is healthy,it is cheap,it reminds me of home;"
    "foods:pizza,pasta,rice,soup,bread,salad,cheese,chocolate:your taste,your diet,the season,how hungry you "
    "are:"
    "it tastes great,it is easy to make,it is healthy,it fills me up,my family loves it;"
    "seasons:summer,winter,spring,autumn:where you live,what you like to do,the weather you enjoy:"
    "the air is fresh,the days are beautiful,there is so much to do,it is calm;"
    "sports:football,tennis,swimming,rugby,golf,hockey,cycling,running:your fitness,the people around "
    "you,your goals,"
    "your budget:it is exciting,it is good for the heart,it is fun with friends,anyone can play it;"
    "places to live:cities,villages,islands,mountains,suburbs:your job,your family,your budget,the life you "
    "want:"
    "there is always something to do,the air is clean,people are friendly,it is quiet;"
    "ways to travel:trains,planes,cars,buses,bicycles,ships:the distance,your budget,how much time you "
    "have,the road:"
    "they are fast,they are cheap,they are comfortable,you can see more;"
    "hobbies:reading,painting,cooking,gardening,chess,dancing,hiking,fishing:your interests,your free time,"
    "your budget,your mood:it is relaxing,it is exciting,it is good for the mind,it is cheap;"
    "colours:red,blue,green,yellow,purple,black,white:your taste,the room,the style you want:"
    "it looks warm,it looks calm,it is bright,it goes with everything;"
    "kinds of music:jazz,rock,opera,folk music,pop,classical music:your taste,your mood,the occasion:"
    "it is full of energy,it is calm,it makes me happy,it never gets old;"
    "school subjects:history,maths,music,biology,geography,art:your interests,your talents,the job you want:"
    "it is useful,it is exciting,it teaches you to think,it is easy;"
    "things to read:novels,poems,newspapers,comics,biographies,fairy tales:your interests,your free "
    "time,your age:"
    "they are funny,they make you think,they are short,they are true;"
    "instruments:the piano,the guitar,the violin,the flute,the drums,the trumpet:the music you like,your "
    "budget,"
    "your patience:it sounds warm,it is easy to learn,it is loud,it is small";

}  // namespace

const std::vector<Taste>& tastes() {
  static const std::vector<Taste> all = [] {
    std::vector<Taste> out;
    for (const std::string& line : split(kTastes, ';')) {
      const auto columns = split(line, ':');
      out.push_back({columns[0], split(columns[1], ','), split(columns[2], ','), split(columns[3], ',')});
    }
    return out;
  }();
  return all;
}

}  // namespace miniature
