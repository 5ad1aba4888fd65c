#include "ifstop/prompts/prompt_set.hpp"

#include <map>
#include <set>

#include "support/catch.hpp"

using ifstop::Prompt;
using ifstop::PromptKind;
using ifstop::PromptSet;

namespace {

Prompt full(std::string id, std::string text) {
  return {std::move(id), std::move(text), PromptKind::full, "", {}};
}
Prompt partial(std::string id, std::string parent, std::string text) {
  return {std::move(id), std::move(text), PromptKind::partial, std::move(parent), {}};
}

PromptSet pairs(int n) {
  PromptSet set{"pairs", "1", {}};
  for (int i = 0; i < n; ++i) {
    const auto id = "p" + std::to_string(i);
    set.prompts.push_back(full(id, "full " + id));
    set.prompts.push_back(partial(id + "x", id, "part " + id));
  }
  return set;
}

}  // namespace

CATCH_TEST_CASE("a set that is not in order says which prompt and why") {
  const auto fails = [](std::vector<Prompt> prompts, const char* message) {
    CATCH_CHECK_THROWS_WITH((PromptSet{"s", "1", std::move(prompts)}.validate()), message);
  };
  fails({full("", "a")}, "prompt set s: prompt \"\" has no id");
  fails({full("a", " \n")}, "prompt set s: prompt \"a\" has no text");
  fails({full("a", "x"), full("a", "y")}, "prompt set s: prompt \"a\" is there twice");
  fails({full("a", "x"), full("b", "x")}, "prompt set s: prompt \"b\" has the same text as another prompt");
  fails({partial("f", "", "x")}, "prompt set s: prompt \"f\" is a fragment without a parent");
  fails({partial("f", "a", "x")},
        "prompt set s: prompt \"f\" names a parent \"a\" that is no full prompt of the set");
  fails({full("a", "x"), partial("f", "a", "y"), partial("g", "f", "z")},
        "prompt set s: prompt \"g\" names a parent \"f\" that is no full prompt of the set");
  fails({full("a", "x"), {"q", "y", PromptKind::preference, "a", {}}},
        "prompt set s: prompt \"q\" has a parent but is no fragment");
  CATCH_CHECK_NOTHROW(pairs(3).validate());
}

CATCH_TEST_CASE("the hash is fixed, and changes with every part of every prompt and their order") {
  const PromptSet set{"s", "1", {full("a", "x"), partial("b", "a", "y")}};
  CATCH_CHECK(set.hash() == "6c4d7645432d3290");  // the same on every machine, for ever
  std::set<std::string> hashes{set.hash()};
  const auto changed = [&](auto change) {
    auto other = set;
    change(other.prompts);
    return hashes.insert(other.hash()).second;
  };
  CATCH_CHECK(changed([](auto& p) { p[0].id = "c"; }));
  CATCH_CHECK(changed([](auto& p) { p[0].text = "z"; }));
  CATCH_CHECK(changed([](auto& p) { p[0].kind = PromptKind::preference; }));
  CATCH_CHECK(changed([](auto& p) { p[1].parent = "b"; }));
  CATCH_CHECK(changed([](auto& p) { p[0].accepted = {"yes"}; }));
  CATCH_CHECK(changed([](auto& p) { std::swap(p[0], p[1]); }));
  CATCH_CHECK(changed([](auto& p) { p[0].id = "ax", p[0].text = ""; }));  // fields do not run into each other
  auto named = set;
  named.name = "other";
  CATCH_CHECK(named.hash() == set.hash());
}

CATCH_TEST_CASE(
    "every beginning of an interleaved set is balanced, and its prompts have parents of their own") {
  const auto set = pairs(100);
  const auto mixed = set.interleaved(7);
  CATCH_REQUIRE(mixed.size() == 200);
  for (std::size_t n : {10U, 50U, 99U, 150U}) {
    const auto fulls = static_cast<double>(mixed.first(n).count(PromptKind::full));
    CATCH_CHECK(std::abs(fulls - static_cast<double>(n) / 2) <= 1);
  }
  std::map<std::string, int> seen;
  for (const auto& prompt : mixed.first(98).prompts) ++seen[prompt.group()];
  CATCH_CHECK(seen.size() == 98);  // no parent twice in the first half
  CATCH_CHECK(mixed.prompts == set.interleaved(7).prompts);
  CATCH_CHECK(mixed.prompts != set.interleaved(8).prompts);
  CATCH_CHECK(set.subset(20, 7).prompts == mixed.first(20).prompts);
  auto shuffled = set;  // the order depends on the prompts, not on where they stood
  std::reverse(shuffled.prompts.begin(), shuffled.prompts.end());
  CATCH_CHECK(shuffled.interleaved(7).prompts == mixed.prompts);
}

CATCH_TEST_CASE("parts and sums of sets") {
  const auto set = pairs(3);
  CATCH_CHECK(set.first(0).size() == 0);
  CATCH_CHECK(set.first(99).size() == 6);
  CATCH_CHECK(set.only(PromptKind::partial).size() == 3);
  CATCH_CHECK_THROWS_WITH(set.with(set), "prompt sets pairs and pairs both have a prompt \"p0\"");
  const auto sum = set.with({"q", "2", {{"q1", "Tea or coffee?", PromptKind::preference, "", {}}}});
  CATCH_CHECK(sum.name == "pairs+q");
  CATCH_CHECK(sum.version == "1+2");
  CATCH_CHECK(sum.size() == 7);
}

CATCH_TEST_CASE("the shipped sets: in order, and large enough for what is read from them") {
  const auto& builtin = PromptSet::builtin();
  CATCH_CHECK_NOTHROW(builtin.validate());
  CATCH_CHECK(builtin.count(PromptKind::full) >= 200);
  CATCH_CHECK(builtin.count(PromptKind::partial) >= 200);
  CATCH_CHECK(builtin.count(PromptKind::preference) >= 200);
  CATCH_CHECK(PromptSet::objecqa().size() == PromptSet::objecqa().count(PromptKind::preference));
}
