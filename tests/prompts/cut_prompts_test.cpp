#include "ifstop/prompts/cut_prompts.hpp"

#include <algorithm>
#include <set>

#include "support/catch.hpp"

using ifstop::cut_prompts;
using ifstop::FragmentStyle;
using ifstop::PromptKind;

namespace {

std::vector<std::string> instructions(int n) {
  std::vector<std::string> result;
  for (int i = 0; i < n; ++i)
    result.push_back("Explain to a beginner, in a few words, what the number " + std::to_string(i) +
                     " stands for.");
  return result;
}

}  // namespace

CATCH_TEST_CASE("instructions of one's own, each with its fragment, the same for the same seed") {
  const auto all = instructions(50);
  const auto cut = cut_prompts(all, {.instructions = 20, .seed = 3}, "mine");
  CATCH_CHECK(cut.set.name == "mine");
  CATCH_REQUIRE(cut.set.size() == 40);
  CATCH_CHECK(cut.set.count(PromptKind::partial) == 20);
  CATCH_CHECK(cut.taken.size() == 20);
  CATCH_CHECK(std::is_sorted(cut.taken.begin(), cut.taken.end()));
  std::set<std::string> taken;
  for (auto i : cut.taken) taken.insert(all[i]);
  for (std::size_t i = 0; i < cut.set.size(); i += 2) {
    const auto &full = cut.set.prompts[i], &part = cut.set.prompts[i + 1];
    CATCH_CHECK(taken.count(full.text) == 1);
    CATCH_CHECK(part.parent == full.id);
    CATCH_CHECK(full.text.compare(0, part.text.size(), part.text) == 0);
    CATCH_CHECK(part.text.size() < full.text.size());
  }
  CATCH_CHECK(cut_prompts(all, {.instructions = 20, .seed = 3}, "other").set.hash() == cut.set.hash());
  CATCH_CHECK(cut_prompts(all, {.instructions = 20, .seed = 4}, "mine").set.hash() != cut.set.hash());
  auto shuffled = all;  // which are taken depends on the texts, not on where they stand
  std::reverse(shuffled.begin(), shuffled.end());
  CATCH_CHECK(cut_prompts(shuffled, {.instructions = 20, .seed = 3}, "mine").set.hash() == cut.set.hash());
}

CATCH_TEST_CASE("what is short, long, there twice or has no word is left out") {
  const std::vector<std::string> all{"Name a river.",          "Name a river.",        "Why?",
                                     "?? ?? ?? ?? ??",         std::string(3000, 'x'), "            ",
                                     "Name three more rivers."};
  const auto cut = cut_prompts(all, {.instructions = 0}, "mine");
  CATCH_CHECK(cut.set.count(PromptKind::full) == 2);
  CATCH_CHECK(cut_prompts(all, {.instructions = 1}, "mine").taken.size() == 1);
  CATCH_CHECK(
      cut_prompts(all, {.instructions = 0, .shortest_bytes = 1, .longest_bytes = 0}, "mine").taken.size() ==
      4);
  const std::vector<std::string> none{"Why?"};
  CATCH_CHECK_THROWS_WITH(cut_prompts(none, {}, "mine"),
                          "mine: none of 1 instructions is long enough and short enough (12 to 2000 bytes)");
}

CATCH_TEST_CASE("the paper's cut falls between any two characters") {
  bool inside = false, between = false;
  for (const auto& prompt :
       cut_prompts(instructions(60), {.style = FragmentStyle::character}, "mine").set.prompts) {
    if (prompt.kind != PromptKind::partial) continue;
    inside = inside || prompt.text.back() != ' ';
    between = between || prompt.text.back() == ' ';
  }
  CATCH_CHECK(inside);
  CATCH_CHECK(between);
  CATCH_CHECK(ifstop::fragment_style_from("character") == FragmentStyle::character);
  CATCH_CHECK(ifstop::fragment_style_from("word") == FragmentStyle::word);
  CATCH_CHECK_THROWS_WITH(ifstop::fragment_style_from("letter"),
                          "style \"letter\" is none of word, phrase, clause, any, character");
}
